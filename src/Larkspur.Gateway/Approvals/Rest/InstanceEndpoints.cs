using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;
using ApprovalForm = Larkspur.Feishu.Approvals.ApprovalForm;

namespace Larkspur.Gateway.Approvals;

/// <summary>The platform's approval instances over REST.</summary>
internal sealed class InstanceEndpoints(ApprovalRelay relay, DefinitionCache definitions, Applicants applicants, InstanceListing listing, PlatformCalls calls, InstanceRequestStore requests, InstanceOwners owners, OwnedObjects objects,
    IDatabase database, AuditTrail audit, TimeProvider clock)
{
    private const int MostApprovers = 100;

    /// <summary>What is asked for; the values by control id, custom id or name.</summary>
    internal sealed record SubmitInstance(string ApprovalCode, PaymentEndpoints.PaymentPerson Submitter, IReadOnlyList<PaymentEndpoints.PaymentApprover>? Approvers, JsonElement Form, string? DepartmentId, string? App);

    /// <summary>An instance that exists.</summary>
    /// <param name="InstanceCode">Its code.</param>
    /// <param name="WasThere">The same request had made it before.</param>
    internal sealed record CreatedView(string InstanceCode, bool WasThere);

    /// <summary>Codes of instances.</summary>
    /// <param name="InstanceCodes">In the order of the platform's windows. May be empty while there are more.</param>
    /// <param name="NextCursor">There are more: ask again with it, and the same period. Null: that was all.</param>
    internal sealed record CodesView(IReadOnlyList<string> InstanceCodes, string? NextCursor);

    /// <summary>A withdrawal.</summary>
    internal sealed record CancelInstance(PaymentEndpoints.PaymentPerson User, string? ApprovalCode, string? App);

    /// <summary>Copies for people.</summary>
    internal sealed record CopyInstance(PaymentEndpoints.PaymentPerson User, IReadOnlyList<PaymentEndpoints.PaymentPerson> People, string? Comment, string? ApprovalCode, string? App);

    /// <summary>A comment; <paramref name="Parent"/> is the one that it answers.</summary>
    internal sealed record CommentInstance(PaymentEndpoints.PaymentPerson User, string Text, string? Parent, string? App);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/instances", (HttpRequest request, InstanceEndpoints on, CancellationToken cancellation) => on.CreateAsync(request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CreateApprovalInstance").TakesIdempotencyKey().WithSummary("Start an instance from typed form values")
            .WithDescription("Made once however often the call is repeated under one Idempotency-Key; the same key with another body is 409 key_in_use.")
            .Takes<SubmitInstance>().Produces<CreatedView>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        api.MapPost("/instances/preview", (HttpRequest request, InstanceEndpoints on, CancellationToken cancellation) => on.PreviewAsync(request, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("PreviewApprovalInstance").WithSummary("Who would have to decide, step by step; nothing is made")
            .Takes<SubmitInstance>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
        api.MapGet("/instances", ([FromQuery(Name = "approval_code"), Description("Which definition")] string? code, [FromQuery, Description("From this time on, ISO 8601")] DateTimeOffset? since,
                [FromQuery, Description("Up to this time; without it up to now")] DateTimeOffset? until, [FromQuery, Description("next_cursor of the answer before")] string? cursor,
                [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, code, since, until, cursor, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalInstances").WithSummary("Codes of the instances of a definition, of up to 180 days")
            .WithDescription("The platform lists ten hours at a time, so one request reads about twelve days with at most 30 of its calls; next_cursor goes on. A code may come again where two answers meet.").Produces<CodesView>().CallsPlatform();
        api.MapGet("/instances/{id}", (string id, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, id, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalInstance").WithSummary("An instance as the platform has it, by its code or the uuid it was made under").Produces<JsonElement>().CallsPlatform();
        api.MapPost("/instances/{id}/cancel", (string id, HttpRequest request, InstanceEndpoints on, CancellationToken cancellation) => on.CancelAsync(id, request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CancelApprovalInstance").WithSummary("Withdraw an instance in its submitter's name: {user, approval_code?}").Takes<CancelInstance>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
        api.MapPost("/instances/{id}/cc", (string id, HttpRequest request, InstanceEndpoints on, CancellationToken cancellation) => on.CopyAsync(id, request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CopyApprovalInstance").WithSummary("Send copies: {user, people, comment?, approval_code?}").Takes<CopyInstance>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
        api.MapPost("/instances/{id}/comments", (string id, HttpRequest request, InstanceEndpoints on, CancellationToken cancellation) => on.CommentAsync(id, request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CommentApprovalInstance").WithSummary("Comment on an instance in somebody's name: {user, text, parent?}").Takes<CommentInstance>().Produces<JsonElement>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        api.MapGet("/instances/{id}/comments", (string id, [FromQuery, Description("Who asks: an open_id")] string? user, [FromQuery] string? cursor, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller,
                InstanceEndpoints on, CancellationToken cancellation) => on.CommentsAsync(caller, id, user, cursor, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalComments").WithSummary("Comments on an instance").Produces<JsonElement>().CallsPlatform();
        api.MapDelete("/instances/{id}/comments/{comment}", (string id, string comment, [FromQuery, Description("Whose comment it is: an open_id")] string? user,
                [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.DeleteCommentAsync(caller, id, comment, user, app, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("DeleteApprovalComment").WithSummary("Take a comment back").Produces<JsonElement>().CallsPlatform();
    }

    private async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var hash = body.Hash();
        var key = IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest));
        var (app, definition, submission) = await ReadAsync(Caller.Grant(request.HttpContext), body, cancellation);
        key = await database.ReadAsync(sql => requests.KeyAsync(sql, app.Name, key, hash), cancellation);
        var first = await database.TransactAsync(async unit =>
        {
            var known = await requests.AddAsync(unit, app.Name, key, hash, clock.GetUtcNow());
            if (known == hash) await audit.AddAsync(unit, Caller.Of(request.HttpContext), "approval_instance.create", definition.ApprovalCode, new JsonObject { ["app"] = app.Name, ["key"] = IdempotencyKey.Unowned(key) ?? key });
            return known;
        }, cancellation);
        if (first != hash) throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_in_use", null, "This Idempotency-Key was used for another instance.");
        var uuid = IdempotencyKeys.ForQueued(PlatformNames.Feishu, app.Name, "approval_request:" + key);
        var made = await app.Client.Approvals.Instances.CreateOnceAsync(submission, uuid, calls.Call(app, Endpoints.InstanceCreate), cancellation);
        await database.TransactAsync(async unit =>
        {
            await requests.MadeAsync(unit, app.Name, key, made.InstanceCode);
            var caller = Caller.Grant(request.HttpContext);
            await objects.AddAsync(unit, caller, app.Name, OwnedObjects.Instance, made.InstanceCode);
            await objects.AddAsync(unit, caller, app.Name, OwnedObjects.Instance, uuid);
        }, cancellation);
        return TypedResults.Created($"/api/v1/approvals/instances/{made.InstanceCode}", new CreatedView(made.InstanceCode, made.WasThere));
    }

    private async Task<IResult> PreviewAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var (app, _, submission) = await ReadAsync(Caller.Grant(request.HttpContext), body, cancellation);
        return TypedResults.Ok(new { steps = await app.Client.Approvals.Instances.PreviewAsync(submission, calls.Call(app, Endpoints.InstancePreview), cancellation) });
    }

    private async Task<IResult> ListAsync(KeyGrant caller, string? code, DateTimeOffset? since, DateTimeOffset? until, string? cursor, string? app, CancellationToken cancellation)
    {
        if (code is null) throw RequestRefusedException.Malformed("missing", "?approval_code", "approval_code is missing.");
        if (since is not { } from) throw RequestRefusedException.Malformed("missing", "?since", "since is missing.");
        var to = until ?? clock.GetUtcNow();
        if (to < from) throw RequestRefusedException.Impossible("bad_period", "?until", "The period ends before it begins.");
        if (to - from > InstanceListing.LongestPeriod)
            throw RequestRefusedException.Impossible("period_too_long", "?since", $"A period has {InstanceListing.LongestPeriod.Days} days at most.");
        var start = cursor is { Length: > 0 } ? InstanceCursor.Parse(cursor, from, InstanceListing.LongestPeriod) : new InstanceCursor(from, to, null);
        var asking = relay.App(caller, app);
        var (codes, next) = await listing.ReadAsync(asking, ApprovalRelay.Id(code, "?approval_code"), start, cancellation);
        return TypedResults.Ok(new CodesView(await owners.ReadableAsync(caller, asking.Name, codes, cancellation), next?.Text));
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string id, string? appName, CancellationToken cancellation)
    {
        var app = relay.App(caller, appName);
        await owners.DemandReadAsync(caller, app.Name, ApprovalRelay.Id(id, "?id"), cancellation);
        try
        {
            return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceGet, null, r => r.WithPath("instance_id", ApprovalRelay.Id(id, "?id")).WithQuery("user_id_type", "open_id"), cancellation));
        }
        catch (FeishuApiException e) when (ApprovalReads.IsUnknown(e))
        {
            throw ApprovalRelay.UnknownInstance();
        }
    }

    private async Task<IResult> CancelAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        var (app, body, user) = await OnBehalfAsync(id, request, cancellation);
        var code = body.Text("approval_code", 128);
        body.End();
        code = await relay.CodeOfAsync(app, code, id, cancellation);
        await AuditAsync(Caller.Of(request.HttpContext), "approval_instance.cancel", id, app, user.Id, null, cancellation);
        return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceCancel, new JsonObject
        {
            ["approval_code"] = code, ["instance_code"] = id, ["user_id"] = user.Id,
        }, r => r.WithQuery("user_id_type", user.Type), cancellation));
    }

    private async Task<IResult> CopyAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        var (app, body, user) = await OnBehalfAsync(id, request, cancellation);
        var code = body.Text("approval_code", 128);
        var comment = body.Text("comment", 2000);
        var people = await PeopleAsync(app, body, "people", cancellation);
        body.End();
        if (people.Any(p => p.OpenId is null) || user.Type != "open_id") throw RequestRefusedException.Impossible("unknown_person", "/people", "Copies go by open_id: the app does not see that of everybody named here.");
        await AuditAsync(Caller.Of(request.HttpContext), "approval_instance.copy", id, app, user.Id, null, cancellation);
        return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceCc, new JsonObject
        {
            ["approval_code"] = await relay.CodeOfAsync(app, code, id, cancellation), ["instance_code"] = id, ["user_id"] = user.Id,
            ["cc_user_ids"] = new JsonArray([.. people.Select(p => (JsonNode)p.OpenId!)]), ["comment"] = comment ?? "",
        }, r => r.WithQuery("user_id_type", "open_id"), cancellation));
    }

    private async Task<IResult> CommentAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        var (app, body, user) = await OnBehalfAsync(id, request, cancellation);
        var text = body.Need("text", body.Text("text", 2000));
        var parent = body.Text("parent", 128);
        body.End();
        var call = new JsonObject { ["content"] = new JsonObject { ["text"] = text }.ToJsonString(FeishuJson.Options) };
        if (parent is not null) call["parent_comment_id"] = parent;
        await AuditAsync(Caller.Of(request.HttpContext), "approval_instance.comment", id, app, user.Id, null, cancellation);
        var made = await relay.CallAsync(app, Endpoints.InstanceCommentCreate, call, r => r.WithPath("instance_id", ApprovalRelay.Id(id, "?id")).WithQuery("user_id_type", user.Type).WithQuery("user_id", user.Id), cancellation);
        var comment = made.TryGetProperty("comment_id", out var told) ? told.GetString() : null;
        await objects.AddAsync(Caller.Grant(request.HttpContext), app.Name, OwnedObjects.Comment, comment, cancellation);
        return TypedResults.Created((string?)null, made);
    }

    private async Task<IResult> CommentsAsync(KeyGrant caller, string id, string? user, string? cursor, string? appName, CancellationToken cancellation)
    {
        var app = relay.App(caller, appName);
        await owners.DemandReadAsync(caller, app.Name, ApprovalRelay.Id(id, "?id"), cancellation);
        return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceCommentList, null,
        r => r.WithPath("instance_id", ApprovalRelay.Id(id, "?id")).WithQuery("user_id_type", "open_id").WithQuery("user_id", NeedUser(user)).WithQuery("page_token", string.IsNullOrEmpty(cursor) ? null : cursor), cancellation));
    }

    private async Task<IResult> DeleteCommentAsync(KeyGrant caller, string id, string comment, string? user, string? appName, CancellationToken cancellation)
    {
        var app = relay.App(caller, appName);
        await owners.DemandChangeAsync(caller, app.Name, ApprovalRelay.Id(id, "?id"), cancellation);
        // What people wrote on it is theirs.
        var owner = await objects.OwnerOfAsync(app.Name, OwnedObjects.Comment, ApprovalRelay.Id(comment, "?comment"), cancellation);
        if (!caller.MayChange(owner)) throw KeyGrant.NotMine();
        await AuditAsync(caller.Who, "approval_instance.comment_deleted", id, app, NeedUser(user), comment, cancellation);
        return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceCommentDelete, null,
        r => r.WithPath("instance_id", ApprovalRelay.Id(id, "?id")).WithPath("comment_id", ApprovalRelay.Id(comment, "?comment")).WithQuery("user_id_type", "open_id").WithQuery("user_id", NeedUser(user)), cancellation));
    }

    private async Task<(FeishuApp App, ApprovalDefinition Definition, ApprovalSubmission Submission)> ReadAsync(KeyGrant caller, JsonFields body, CancellationToken cancellation)
    {
        var app = relay.App(caller, body.Text("app", 64), "/app");
        var code = ApprovalRelay.Id(body.Need("approval_code", body.Text("approval_code", 128)), body.At("approval_code"));
        var submitter = ApplicantName.Read(body.Object("submitter") ?? throw RequestRefusedException.Malformed("missing", body.At("submitter"), "\"submitter\" is missing."), body.At("submitter"));
        var chosen = ApproversOf(body);
        var at = body.At("form");
        var form = body.Any("form") is { ValueKind: JsonValueKind.Object } values ? values : throw RequestRefusedException.Malformed("wrong_type", at, "\"form\" must be an object of the form's controls and their values.");
        var department = body.Text("department_id", 128);
        body.End();

        var definition = await definitions.GetAsync(app, code, "/approval_code", cancellation);
        InstanceBody.CheckState(definition, "/approval_code");
        InstanceBody.FormOf(definition, form, "/form");
        var steps = InstanceBody.StepsOf(definition, chosen, "/approvers");
        var people = await applicants.FindAsync(app, [submitter, .. chosen.Select(c => c.Person)], cancellation);
        return (app, definition, new ApprovalSubmission(ApprovalForm.FromJson(definition, form), Person(people[0]))
        {
            DepartmentId = department,
            Approvers = steps.Select((s, i) => (s.Node, Person: Person(people[i + 1]))).GroupBy(s => s.Node.Id, s => s.Person, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => (IReadOnlyList<ApprovalPerson>)[.. g], StringComparer.Ordinal),
        });
    }

    private static IReadOnlyList<ChosenApprover> ApproversOf(JsonFields body)
    {
        var at = body.At("approvers");
        if (body.Any("approvers") is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostApprovers) throw RequestRefusedException.Malformed("wrong_type", at, $"It must be a list of up to {MostApprovers} people.");
        return [.. list.EnumerateArray().Select((person, i) =>
        {
            var fields = JsonFields.Of(person, $"{at}/{i}");
            var node = fields.Text("node", 100);
            return new ChosenApprover(node, ApplicantName.Read(fields, $"{at}/{i}"), $"{at}/{i}");
        })];
    }

    /// <summary>Who does it, from the body's <c>user</c>.</summary>
    private async Task<(FeishuApp App, JsonFields Body, (string Type, string Id) User)> OnBehalfAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = relay.App(caller, body.Text("app", 64), "/app");
        await owners.DemandChangeAsync(caller, app.Name, ApprovalRelay.Id(id, "?id"), cancellation);
        var name = ApplicantName.Read(body.Object("user") ?? throw RequestRefusedException.Malformed("missing", body.At("user"), "\"user\" is missing: in whose name?"), body.At("user"));
        var person = (await applicants.FindAsync(app, [name], cancellation))[0];
        return (app, body, person.OpenId is { } open ? ("open_id", open) : ("user_id", person.UserId!));
    }

    private async Task<IReadOnlyList<Applicant>> PeopleAsync(FeishuApp app, JsonFields body, string member, CancellationToken cancellation)
    {
        var at = body.At(member);
        if (body.Any(member) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostApprovers)
            throw RequestRefusedException.Malformed("wrong_type", at, $"It must be a list of 1 to {MostApprovers} people.");
        return await applicants.FindAsync(app, [.. list.EnumerateArray().Select((p, i) => ApplicantName.Read(JsonFields.Of(p, $"{at}/{i}"), $"{at}/{i}"))], cancellation);
    }

    private static ApprovalPerson Person(Applicant person) => person.OpenId is { } open ? ApprovalPerson.OpenId(open) : ApprovalPerson.UserId(person.UserId!);

    private static string NeedUser(string? user) => user is { Length: > 0 } ? ApprovalRelay.Id(user, "?user") : throw RequestRefusedException.Malformed("missing", "?user", "user is missing.");

    /// <summary>In somebody's name, so the platform shows that person: the log says who asked, before a call whose answer may be
    /// lost.</summary>
    private async ValueTask AuditAsync(
        Actor who, string what, string instance, FeishuApp app, string user, string? comment, CancellationToken cancellation)
    {
        var detail = new JsonObject { ["app"] = app.Name, ["in_the_name_of"] = user };
        if (comment is not null) detail["comment"] = comment;
        await audit.AddAsync(who, what, instance, detail, cancellation);
    }
}

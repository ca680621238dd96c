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
internal sealed class InstanceEndpoints(ApprovalRelay relay, DefinitionCache definitions, Applicants applicants, InstanceListing listing,
    InstanceReader reader, InstanceWithdrawal withdrawal, PlatformCalls calls, InstanceRequestStore requests, InstanceOwners owners,
    OwnedObjects objects, IDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <summary>An instance that exists.</summary>
    /// <param name="InstanceCode">Its code.</param>
    /// <param name="WasThere">The same request had made it before.</param>
    internal sealed record CreatedView(string InstanceCode, bool WasThere);

    /// <summary>Codes of instances.</summary>
    /// <param name="InstanceCodes">In the order of the platform's windows. May be empty while there are more.</param>
    /// <param name="NextCursor">There are more: ask again with it, and the same period. Null: that was all.</param>
    internal sealed record CodesView(IReadOnlyList<string> InstanceCodes, string? NextCursor);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/instances", (Body<SubmitInstance> body, InstanceEndpoints on, CancellationToken cancellation) =>
            on.CreateAsync(body, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CreateApprovalInstance").TakesIdempotencyKey().WithSummary("Start an instance from typed form values")
            .WithDescription("Made once however often the call is repeated under one Idempotency-Key; the same key with another body is 409 key_in_use.")
            .Produces<CreatedView>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        api.MapPost("/instances/preview", (Body<SubmitInstance> body, InstanceEndpoints on, CancellationToken cancellation) =>
            on.PreviewAsync(body, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("PreviewApprovalInstance").WithSummary("Who would have to decide, step by step; nothing is made")
            .Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
        api.MapGet("/instances", ([FromQuery(Name = "approval_code"), Description("Which definition")] string? code, [FromQuery, Description("From this time on, ISO 8601")] DateTimeOffset? since,
                [FromQuery, Description("Up to this time; without it up to now")] DateTimeOffset? until, [FromQuery, Description("next_cursor of the answer before")] string? cursor,
                [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, code, since, until, cursor, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalInstances").WithSummary("Codes of the instances of a definition, of up to 180 days")
            .WithDescription("The platform lists ten hours at a time, so one request reads about twelve days with at most 30 of its calls; next_cursor goes on. A code may come again where two answers meet.").Produces<CodesView>().CallsPlatform();
        api.MapGet("/instances/{id}", (string id, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, id, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalInstance").WithSummary("An instance as the platform has it, by its code or the uuid it was made under").Produces<JsonElement>().CallsPlatform();
        api.MapPost("/instances/{id}/cancel", (string id, Body<CancelInstance> body, InstanceEndpoints on,
            CancellationToken cancellation) =>
                on.CancelAsync(id, body, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CancelApprovalInstance")
            .WithSummary("Withdraw an instance in its submitter's name: {user, approval_code?}").Produces<JsonElement>().CallsPlatform()
            .Refuses(413, 415);
        api.MapPost("/instances/{id}/cc", (string id, Body<CopyInstance> body, InstanceEndpoints on, CancellationToken cancellation) =>
                on.CopyAsync(id, body, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CopyApprovalInstance")
            .WithSummary("Send copies: {user, people, comment?, approval_code?}").Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
        api.MapPost("/instances/{id}/comments", (string id, Body<CommentInstance> body, InstanceEndpoints on,
            CancellationToken cancellation) =>
                on.CommentAsync(id, body, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CommentApprovalInstance")
            .WithSummary("Comment on an instance in somebody's name: {user, text, parent?}")
            .Produces<JsonElement>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        api.MapGet("/instances/{id}/comments", (string id, [FromQuery, Description("Who asks: an open_id")] string? user, [FromQuery] string? cursor, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller,
                InstanceEndpoints on, CancellationToken cancellation) => on.CommentsAsync(caller, id, user, cursor, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalComments").WithSummary("Comments on an instance").Produces<JsonElement>().CallsPlatform();
        api.MapDelete("/instances/{id}/comments/{comment}", (string id, string comment, [FromQuery, Description("Whose comment it is: an open_id")] string? user,
                [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, InstanceEndpoints on, CancellationToken cancellation) => on.DeleteCommentAsync(caller, id, comment, user, app, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("DeleteApprovalComment").WithSummary("Take a comment back").Produces<JsonElement>().CallsPlatform();
    }

    private async Task<IResult> CreateAsync(Body<SubmitInstance> body, CancellationToken cancellation)
    {
        var (sent, hash, request) = (await body.ReadAsync(cancellation), RequestHash.Of(body.Sent), body.Http.Request);
        var key = IdempotencyKey.Read(request, sent.Key);
        var (app, definition, submission) = await ReadAsync(Caller.Grant(body.Http), sent, cancellation);
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

    private async Task<IResult> PreviewAsync(Body<SubmitInstance> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        if (sent.Key is not null) throw BodyRefusals.Unknown("/key", "key", []);
        var (app, _, submission) = await ReadAsync(Caller.Grant(body.Http), sent, cancellation);
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

    private async Task<IResult> GetAsync(KeyGrant caller, string id, string? appName, CancellationToken cancellation) =>
        TypedResults.Ok(await reader.ReadAsync(caller, relay.App(caller, appName), id, null, cancellation));

    private async Task<IResult> CancelAsync(string id, Body<CancelInstance> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var (app, user) = await OnBehalfAsync(id, body.Http, sent, cancellation);
        var who = Caller.Of(body.Http);
        return TypedResults.Ok(await withdrawal.WithdrawAsync(who, app, id, sent.ApprovalCode, user, cancellation));
    }

    private async Task<IResult> CopyAsync(string id, Body<CopyInstance> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var (app, user) = await OnBehalfAsync(id, body.Http, sent, cancellation);
        var people = await applicants.FindAsync(app, [.. sent.People.Select((p, i) => ApplicantName.Of(p, $"/people/{i}"))], cancellation);
        if (people.Any(p => p.OpenId is null) || user.Type != "open_id") throw RequestRefusedException.Impossible("unknown_person", "/people", "Copies go by open_id: the app does not see that of everybody named here.");
        await AuditAsync(Caller.Of(body.Http), "approval_instance.copy", id, app, user.Id, null, cancellation);
        return TypedResults.Ok(await relay.CallAsync(app, Endpoints.InstanceCc, new JsonObject
        {
            ["approval_code"] = await relay.CodeOfAsync(app, sent.ApprovalCode, id, cancellation), ["instance_code"] = id,
            ["user_id"] = user.Id,
            ["cc_user_ids"] = new JsonArray([.. people.Select(p => (JsonNode)p.OpenId!)]), ["comment"] = sent.Comment ?? "",
        }, r => r.WithQuery("user_id_type", "open_id"), cancellation));
    }

    private async Task<IResult> CommentAsync(string id, Body<CommentInstance> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var (app, user) = await OnBehalfAsync(id, body.Http, sent, cancellation);
        var call = new JsonObject { ["content"] = new JsonObject { ["text"] = sent.Text }.ToJsonString(FeishuJson.Options) };
        if (sent.Parent is { } parent) call["parent_comment_id"] = parent;
        await AuditAsync(Caller.Of(body.Http), "approval_instance.comment", id, app, user.Id, null, cancellation);
        var made = await relay.CallAsync(app, Endpoints.InstanceCommentCreate, call, r => r.WithPath("instance_id", ApprovalRelay.Id(id, "?id")).WithQuery("user_id_type", user.Type).WithQuery("user_id", user.Id), cancellation);
        var comment = made.TryGetProperty("comment_id", out var told) ? told.GetString() : null;
        await objects.AddAsync(Caller.Grant(body.Http), app.Name, OwnedObjects.Comment, comment, cancellation);
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

    private async Task<(FeishuApp App, ApprovalDefinition Definition, ApprovalSubmission Submission)> ReadAsync(
        KeyGrant caller, SubmitInstance sent, CancellationToken cancellation)
    {
        var app = relay.App(caller, sent.App, "/app");
        var code = ApprovalRelay.Id(sent.ApprovalCode, "/approval_code");
        var submitter = ApplicantName.Of(sent.Submitter, "/submitter");
        var chosen = ChosenApprover.Of(sent.Approvers);
        var form = sent.Form.ValueKind == JsonValueKind.Object ? sent.Form
            : throw RequestRefusedException.Malformed("wrong_type", "/form", SubmitInstance.NoForm);
        var definition = await definitions.GetAsync(app, code, "/approval_code", cancellation);
        InstanceBody.CheckState(definition, "/approval_code");
        InstanceBody.FormOf(definition, form, "/form");
        var steps = InstanceBody.StepsOf(definition, chosen, "/approvers");
        var people = await applicants.FindAsync(app, [submitter, .. chosen.Select(c => c.Person)], cancellation);
        return (app, definition, new ApprovalSubmission(ApprovalForm.FromJson(definition, form), Person(people[0]))
        {
            DepartmentId = sent.DepartmentId,
            Approvers = steps.Select((s, i) => (s.Node, Person: Person(people[i + 1]))).GroupBy(s => s.Node.Id, s => s.Person, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => (IReadOnlyList<ApprovalPerson>)[.. g], StringComparer.Ordinal),
        });
    }

    /// <summary>Who does it, from the body's <c>user</c>.</summary>
    private async Task<(FeishuApp App, (string Type, string Id) User)> OnBehalfAsync(
        string id, HttpContext http, OnBehalf sent, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        var app = relay.App(caller, sent.App, "/app");
        await owners.DemandChangeAsync(caller, app.Name, ApprovalRelay.Id(id, "?id"), cancellation);
        var person = (await applicants.FindAsync(app, [ApplicantName.Of(sent.User, "/user")], cancellation))[0];
        return (app, person.OpenId is { } open ? ("open_id", open) : ("user_id", person.UserId!));
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

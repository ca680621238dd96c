using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>Tasks of approvers, decided in their name.</summary>
/// <remarks>
/// Only tasks of definitions and people that the app may act for; a step with a hand-written signature takes nobody's decision over the API (1390018). The platform
/// shows the person's name, whoever asked: so the audit log says before each call which key asked for what, in whose name,
/// and only who holds the open task is somebody to act for.
/// </remarks>
internal sealed class TaskEndpoints(ApprovalRelay relay, DefinitionCache definitions, Applicants applicants, TaskHolders holders, InstanceOwners owners, AuditTrail audit)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Action("approve", "ApproveTask", ["comment", "form"], "Agree: {instance, user, comment?, form?}",
            (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskApprove, id, task, formNeeded: false, cancellation));
        Action("reject", "RejectTask", ["comment", "form"], "Refuse: {instance, user, comment?, form?}",
            (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskReject, id, task, formNeeded: false, cancellation));
        Action("resubmit", "ResubmitTask", ["comment", "form"],
            "Hand in again what was rolled back to the submitter: {instance, user, form, comment?}",
            (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskResubmit, id, task, formNeeded: true, cancellation));
        Action("transfer", "TransferTask", ["comment", "to"], "Hand the task on: {instance, user, to, comment?}",
            (on, id, task, cancellation) => on.TransferAsync(id, task, cancellation));
        Action("rollback", "RollBackTask", ["comment", "nodes"], "Send it back to earlier steps: {instance, user, nodes, comment?}",
            (on, id, task, cancellation) => on.RollBackAsync(id, task, cancellation));
        Action("add-sign", "AddSigners", ["comment", "people", "where", "method"],
            "Have others decide too: {instance, user, people, where: before|after|parallel, method?: or|and, comment?}",
            (on, id, task, cancellation) => on.AddSignersAsync(id, task, cancellation));

        void Action(string word, string name, string[] members, string summary,
            Func<TaskEndpoints, string, TaskCall, CancellationToken, Task<IResult>> act) =>
            api.MapPost($"/tasks/{{id}}/{word}",
                async (string id, Body<DecideTask> body, TaskEndpoints on, CancellationToken cancellation) =>
                    await act(on, ApprovalRelay.Id(id, "?id"), await on.ReadAsync(body, word, members, cancellation), cancellation))
                .Needs(ApiScopes.ApprovalsDecide).WithName(name).WithSummary(summary).Produces<JsonElement>().CallsPlatform()
                .Refuses(413, 415);
    }

    private async Task<IResult> DecideAsync(
        FeishuEndpoint endpoint, string id, TaskCall call, bool formNeeded, CancellationToken cancellation)
    {
        var (comment, form) = (call.Sent.Comment, call.Sent.Form);
        if (form is { ValueKind: not JsonValueKind.Object } || (form is null && formNeeded))
            throw RequestRefusedException.Malformed("wrong_type", "/form", SubmitInstance.NoForm);
        var body = await BodyAsync(id, call, cancellation);
        // A resubmission's comment is a JSON text of the platform's own; a decision's is plain.
        body["comment"] = formNeeded && comment is not null ? new JsonObject { ["text"] = comment }.ToJsonString(FeishuJson.Options) : comment;
        if (comment is null) body.Remove("comment");
        if (form is { } values) body["form"] = InstanceBody.FormOf(await definitions.GetAsync(call.App, (string)body["approval_code"]!,
            "/approval_code", cancellation), values, "/form");
        return await CallAsync(endpoint, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> TransferAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var to = ApplicantName.Of(call.Sent.To ?? throw BodyRefusals.Missing("/to", "to", [], "to whom?"), "/to");
        var person = (await applicants.FindAsync(call.App, [to], cancellation))[0];
        var body = await BodyAsync(id, call, cancellation);
        body["transfer_user_id"] = call.Of(person) ?? throw RequestRefusedException.Impossible("unknown_person", to.Pointer, $"The app does not see this person's {call.Type}.");
        if (call.Sent.Comment is { } comment) body["comment"] = comment;
        return await CallAsync(Endpoints.TaskTransfer, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> RollBackAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var nodes = call.Sent.Nodes
            ?? throw BodyRefusals.Missing("/nodes", "nodes", [], "the node_key of steps that were passed, from the instance's time line");
        var body = new JsonObject { ["user_id"] = call.User, ["task_id"] = id, ["task_def_key_list"] = new JsonArray([.. nodes.Select(n => (JsonNode)n)]) };
        if (call.Sent.Comment is { } comment) body["reason"] = comment;
        return await CallAsync(Endpoints.InstanceSpecifiedRollback, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> AddSignersAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var sent = call.Sent;
        if (sent.People is null) throw RequestRefusedException.Malformed("wrong_type", "/people", DecideTask.NoPeople);
        ApplicantName[] names = [.. sent.People.Select((p, i) => ApplicantName.Of(p, $"/people/{i}"))];
        var where = sent.Where switch
        {
            "before" => 1, "after" => 2, "parallel" or null => 3,
            var other => throw RequestRefusedException.Impossible("bad_where", "/where",
                $"\"{JsonFields.Shown(other)}\" is none of before, after, parallel."),
        };
        int? method = sent.Method switch
        {
            null => null, "or" => 1, "and" => 2,
            var other => throw RequestRefusedException.Impossible("bad_method", "/method",
                $"\"{JsonFields.Shown(other)}\" is neither or (one is enough) nor and (all)."),
        };
        var people = await applicants.FindAsync(call.App, names, cancellation);
        // This call knows no user_id_type: it takes the tenant's ids.
        var user = call.Person.UserId ?? throw NoUserId("/user");
        var body = await BodyAsync(id, call, cancellation);
        body["user_id"] = user;
        body["add_sign_user_ids"] = new JsonArray([.. people.Select((p, i) => (JsonNode)(p.UserId ?? throw NoUserId(names[i].Pointer)))]);
        body["add_sign_type"] = where;
        if (method is { } how) body["approval_method"] = how;
        if (sent.Comment is { } comment) body["comment"] = comment;
        return await CallAsync(Endpoints.InstanceAddSign, call, body, null, cancellation);

        static RequestRefusedException NoUserId(string pointer) => RequestRefusedException.Impossible("unknown_person", pointer, "Adding signers needs the tenant's user_id, and the app does not see this person's: name them by user_id.");
    }

    private async Task<TaskCall> ReadAsync(Body<DecideTask> body, string word, string[] members, CancellationToken cancellation)
    {
        var (sent, caller) = (await body.ReadAsync(cancellation), Caller.Grant(body.Http));
        foreach (var member in DecideTask.Parts.Except(members))
        {
            if (body.Sent.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null)
                throw BodyRefusals.Unknown("/" + member, member, members);
        }

        var app = relay.App(caller, sent.App, "/app");
        var instance = ApprovalRelay.Id(sent.Instance, "/instance");
        await owners.DemandChangeAsync(caller, app.Name, instance, cancellation);
        var person = (await applicants.FindAsync(app, [ApplicantName.Of(sent.User, "/user")], cancellation))[0];
        return new TaskCall(app, sent, person) { Who = caller.Who, Word = "approval_task." + word.Replace('-', '_') };
    }

    private async Task<JsonObject> BodyAsync(string id, TaskCall call, CancellationToken cancellation) => new()
    {
        ["approval_code"] = await relay.CodeOfAsync(call.App, call.Sent.ApprovalCode, call.Sent.Instance, cancellation),
        ["instance_code"] = call.Sent.Instance, ["user_id"] = call.User, ["task_id"] = id,
    };

    private async Task<IResult> CallAsync(FeishuEndpoint endpoint, TaskCall call, JsonObject body, Func<FeishuRequest, FeishuRequest>? fill, CancellationToken cancellation)
    {
        await holders.DemandAsync(call.App, call.Sent.Instance, (string?)body["task_id"], call.Person, call.Who, cancellation);
        // Before the call: one whose answer is lost may have had its effect.
        await audit.AddAsync(call.Who, call.Word, call.Sent.Instance,
            new JsonObject { ["app"] = call.App.Name, ["task"] = (string?)body["task_id"], ["in_the_name_of"] = call.Person.UserId
            ?? call.Person.OpenId }, cancellation);
        return TypedResults.Ok(await relay.CallAsync(call.App, endpoint, body, fill, cancellation));
    }

    /// <summary>What every action says: whose task of which instance.</summary>
    private sealed class TaskCall(FeishuApp app, DecideTask sent, Applicant person)
    {
        public FeishuApp App { get; } = app;

        public DecideTask Sent { get; } = sent;

        /// <summary>Whose key asks for it.</summary>
        public required Actor Who { get; init; }

        /// <summary>What the audit log calls it.</summary>
        public required string Word { get; init; }

        public Applicant Person { get; } = person;

        public string Type => Person.OpenId is null ? "user_id" : "open_id";

        public string User => Of(Person)!;

        public string? Of(Applicant other) => Type == "open_id" ? other.OpenId : other.UserId;
    }
}

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
    private const int MostPeople = 100;
    private const int LongestComment = 2000;

    /// <summary>What is done, in whose name. Which members an action takes is said at its route.</summary>
    internal sealed record DecideTask(string Instance, PaymentPerson User, string? ApprovalCode = null, string? Comment = null, JsonElement? Form = null, PaymentPerson? To = null,
        IReadOnlyList<PaymentPerson>? People = null, string? Where = null, string? Method = null, IReadOnlyList<string>? Nodes = null, string? App = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        Action("approve", "ApproveTask", "Agree: {instance, user, comment?, form?}", (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskApprove, id, task, formNeeded: false, cancellation));
        Action("reject", "RejectTask", "Refuse: {instance, user, comment?, form?}", (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskReject, id, task, formNeeded: false, cancellation));
        Action("resubmit", "ResubmitTask", "Hand in again what was rolled back to the submitter: {instance, user, form, comment?}", (on, id, task, cancellation) => on.DecideAsync(Endpoints.TaskResubmit, id, task, formNeeded: true, cancellation));
        Action("transfer", "TransferTask", "Hand the task on: {instance, user, to, comment?}", (on, id, task, cancellation) => on.TransferAsync(id, task, cancellation));
        Action("rollback", "RollBackTask", "Send it back to earlier steps: {instance, user, nodes, comment?}", (on, id, task, cancellation) => on.RollBackAsync(id, task, cancellation));
        Action("add-sign", "AddSigners", "Have others decide too: {instance, user, people, where: before|after|parallel, method?: or|and, comment?}", (on, id, task, cancellation) => on.AddSignersAsync(id, task, cancellation));

        void Action(string word, string name, string summary,
            Func<TaskEndpoints, string, TaskCall, CancellationToken, Task<IResult>> act) =>
            api.MapPost($"/tasks/{{id}}/{word}", async (string id, HttpRequest request, TaskEndpoints on, CancellationToken cancellation) =>
                    await act(on, ApprovalRelay.Id(id, "?id"), await on.ReadAsync(request, word, cancellation), cancellation))
                .Needs(ApiScopes.ApprovalsDecide).WithName(name).WithSummary(summary).Takes<DecideTask>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
    }

    private async Task<IResult> DecideAsync(
        FeishuEndpoint endpoint, string id, TaskCall call, bool formNeeded, CancellationToken cancellation)
    {
        var comment = call.Body.Text("comment", LongestComment);
        var at = call.Body.At("form");
        var form = call.Body.Any("form");
        call.Body.End();
        if (form is { ValueKind: not JsonValueKind.Object } || (form is null && formNeeded)) throw RequestRefusedException.Malformed("wrong_type", at, "\"form\" must be an object of the form's controls and their values.");
        var body = await BodyAsync(id, call, cancellation);
        // A resubmission's comment is a JSON text of the platform's own; a decision's is plain.
        body["comment"] = formNeeded && comment is not null ? new JsonObject { ["text"] = comment }.ToJsonString(FeishuJson.Options) : comment;
        if (comment is null) body.Remove("comment");
        if (form is { } values) body["form"] = InstanceBody.FormOf(await definitions.GetAsync(call.App, (string)body["approval_code"]!, "/approval_code", cancellation), values, at);
        return await CallAsync(endpoint, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> TransferAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var to = ApplicantName.Read(call.Body.Any("to") ?? throw RequestRefusedException.Malformed("missing", call.Body.At("to"), "\"to\" is missing: to whom?"), call.Body.At("to"));
        var comment = call.Body.Text("comment", LongestComment);
        call.Body.End();
        var person = (await applicants.FindAsync(call.App, [to], cancellation))[0];
        var body = await BodyAsync(id, call, cancellation);
        body["transfer_user_id"] = call.Of(person) ?? throw RequestRefusedException.Impossible("unknown_person", to.Pointer, $"The app does not see this person's {call.Type}.");
        if (comment is not null) body["comment"] = comment;
        return await CallAsync(Endpoints.TaskTransfer, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> RollBackAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var nodes = call.Body.Texts("nodes", 50, 128) ?? throw RequestRefusedException.Malformed("missing", call.Body.At("nodes"), "\"nodes\" is missing: the node_key of steps that were passed, from the instance's time line.");
        var comment = call.Body.Text("comment", LongestComment);
        call.Body.Text("approval_code", 128);
        call.Body.End();
        var body = new JsonObject { ["user_id"] = call.User, ["task_id"] = id, ["task_def_key_list"] = new JsonArray([.. nodes.Select(n => (JsonNode)n)]) };
        if (comment is not null) body["reason"] = comment;
        return await CallAsync(Endpoints.InstanceSpecifiedRollback, call, body, r => r.WithQuery("user_id_type", call.Type), cancellation);
    }

    private async Task<IResult> AddSignersAsync(string id, TaskCall call, CancellationToken cancellation)
    {
        var at = call.Body.At("people");
        if (call.Body.Any("people") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostPeople) throw RequestRefusedException.Malformed("wrong_type", at, $"It must be a list of 1 to {MostPeople} people.");
        ApplicantName[] names = [.. list.EnumerateArray().Select((p, i) => ApplicantName.Read(p, $"{at}/{i}"))];
        var where = call.Body.Text("where", 20) switch
        {
            "before" => 1, "after" => 2, "parallel" or null => 3,
            var other => throw RequestRefusedException.Impossible("bad_where", call.Body.At("where"), $"\"{JsonFields.Shown(other)}\" is none of before, after, parallel."),
        };
        int? method = call.Body.Text("method", 20) switch
        {
            null => null, "or" => 1, "and" => 2,
            var other => throw RequestRefusedException.Impossible("bad_method", call.Body.At("method"), $"\"{JsonFields.Shown(other)}\" is neither or (one is enough) nor and (all)."),
        };
        var comment = call.Body.Text("comment", LongestComment);
        call.Body.End();
        var people = await applicants.FindAsync(call.App, names, cancellation);
        // This call knows no user_id_type: it takes the tenant's ids.
        var user = call.Person.UserId ?? throw NoUserId("/user");
        var body = await BodyAsync(id, call, cancellation);
        body["user_id"] = user;
        body["add_sign_user_ids"] = new JsonArray([.. people.Select((p, i) => (JsonNode)(p.UserId ?? throw NoUserId(names[i].Pointer)))]);
        body["add_sign_type"] = where;
        if (method is { } how) body["approval_method"] = how;
        if (comment is not null) body["comment"] = comment;
        return await CallAsync(Endpoints.InstanceAddSign, call, body, null, cancellation);

        static RequestRefusedException NoUserId(string pointer) => RequestRefusedException.Impossible("unknown_person", pointer, "Adding signers needs the tenant's user_id, and the app does not see this person's: name them by user_id.");
    }

    private async Task<TaskCall> ReadAsync(HttpRequest request, string word, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = relay.App(caller, body.Text("app", 64), "/app");
        var instance = ApprovalRelay.Id(body.Need("instance", body.Text("instance", 128)), body.At("instance"));
        await owners.DemandChangeAsync(caller, app.Name, instance, cancellation);
        var name = ApplicantName.Read(body.Any("user") ?? throw RequestRefusedException.Malformed("missing", body.At("user"), "\"user\" is missing: in whose name?"), body.At("user"));
        return new TaskCall(app, body, instance, (await applicants.FindAsync(app, [name], cancellation))[0]) { Who = caller.Who, Word = "approval_task." + word.Replace('-', '_') };
    }

    private async Task<JsonObject> BodyAsync(string id, TaskCall call, CancellationToken cancellation) => new()
    {
        ["approval_code"] = await relay.CodeOfAsync(call.App, call.ApprovalCode, call.Instance, cancellation), ["instance_code"] = call.Instance, ["user_id"] = call.User, ["task_id"] = id,
    };

    private async Task<IResult> CallAsync(FeishuEndpoint endpoint, TaskCall call, JsonObject body, Func<FeishuRequest, FeishuRequest>? fill, CancellationToken cancellation)
    {
        await holders.DemandAsync(call.App, call.Instance, (string?)body["task_id"], call.Person, call.Who, cancellation);
        // Before the call: one whose answer is lost may have had its effect.
        await audit.AddAsync(call.Who, call.Word, call.Instance, new JsonObject { ["app"] = call.App.Name, ["task"] = (string?)body["task_id"], ["in_the_name_of"] = call.Person.UserId ?? call.Person.OpenId }, cancellation);
        return TypedResults.Ok(await relay.CallAsync(call.App, endpoint, body, fill, cancellation));
    }

    /// <summary>What every action says: whose task of which instance.</summary>
    private sealed class TaskCall(FeishuApp app, JsonFields body, string instance, Applicant person)
    {
        public FeishuApp App { get; } = app;

        public JsonFields Body { get; } = body;

        /// <summary>Whose key asks for it.</summary>
        public required Actor Who { get; init; }

        /// <summary>What the audit log calls it.</summary>
        public required string Word { get; init; }

        public string Instance { get; } = instance;

        public Applicant Person { get; } = person;

        public string? ApprovalCode { get; } = body.Has("approval_code") && body.Peek("approval_code") is { ValueKind: JsonValueKind.String } ? body.Text("approval_code", 128) : null;

        public string Type => Person.OpenId is null ? "user_id" : "open_id";

        public string User => Of(Person)!;

        public string? Of(Applicant other) => Type == "open_id" ? other.OpenId : other.UserId;
    }
}

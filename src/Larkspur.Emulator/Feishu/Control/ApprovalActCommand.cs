using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>A person decides, withdraws, comments or submits: <c>{"as":"bob","do":"approve","instance":"…"}</c>.</summary>
internal sealed class ApprovalActCommand(EmulatorState state, ApprovalActions actions)
{
    public static readonly ImmutableDictionary<string, string[]> Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["approve"] = ["instance", "task_id", "comment"],
        ["reject"] = ["instance", "task_id", "comment"],
        ["transfer"] = ["instance", "task_id", "comment", "to"],
        ["rollback"] = ["instance", "task_id", "comment", "to"],
        ["add_sign"] = ["instance", "task_id", "comment", "to", "where", "method"],
        ["cancel_approval"] = ["instance"],
        ["comment_approval"] = ["instance", "comment"],
        ["resubmit"] = ["instance", "task_id", "comment", "form_value"],
        ["open_approval"] = ["instance"],
        ["click_approval"] = ["instance", "task_id", "comment", "action"],
        ["submit_approval"] = ["approval", "form_value", "approvers", "uuid"],
    }.ToImmutableDictionary();

    public async Task<JsonObject> RunAsync(string who, string what, ControlInput input, CancellationToken cancellationToken)
    {
        if (what == "submit_approval") return Submit(who, input);
        var code = input.Need("instance");
        var refusal = await actions.DoAsync(who, new ApprovalAction
        {
            What = what switch { "cancel_approval" => "cancel", "comment_approval" => "comment", "open_approval" => "open", "click_approval" => input.Need("action"), _ => what },
            Instance = code, TaskId = input.Text("task_id"), Comment = input.Text("comment"), To = To(input), Form = Form(input),
            Where = input.Text("where") switch { null or "parallel" => AddSignPosition.Parallel, "before" => AddSignPosition.Before, "after" => AddSignPosition.After, _ => throw new ControlRefusal("\"where\" is before, after or parallel.") },
            Method = input.Text("method") switch { null => null, "or" => NodeKind.Or, "and" => NodeKind.And, _ => throw new ControlRefusal("\"method\" is or, or and.") },
        }, cancellationToken);
        if (refusal is not null) throw new ControlRefusal(refusal.En);
        var answer = ControlEndpoints.Done();
        answer["instance"] = code;
        if (state.ApprovalInstance(code) is { } instance) answer["status"] = ApprovalStateView.Status(instance);
        return answer;
    }

    private JsonObject Submit(string who, ControlInput input)
    {
        var approvers = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        foreach (var (node, people) in input.Object("approvers") ?? [])
        {
            if (people is not JsonArray list) throw new ControlRefusal("\"approvers\" holds a list of people for each node.");
            approvers = approvers.SetItem(node, [.. list.Select(p => FormReader.Text(p) ?? throw new ControlRefusal("\"approvers\" holds a list of people for each node."))]);
        }

        var (instance, refusal) = actions.Submit(new NewRequest { ApprovalCode = input.Need("approval"), UserId = who, Form = Form(input) ?? "[]", Approvers = approvers, Uuid = input.Text("uuid") ?? "" });
        if (refusal is not null) throw new ControlRefusal(refusal.En);
        var answer = ControlEndpoints.Done();
        answer["instance"] = instance!.Code;
        answer["status"] = ApprovalStateView.Status(instance);
        return answer;
    }

    /// <summary>One, or a list.</summary>
    private static IReadOnlyList<string> To(ControlInput input) => input.Body["to"] is JsonArray ? input.Texts("to")! : input.Text("to") is { } one ? [one] : [];

    /// <summary>The list of controls, as it is or as the API's JSON text.</summary>
    private static string? Form(ControlInput input) => input.Body["form_value"] is JsonArray list ? CanonicalJson.Write(list) : input.Text("form_value");
}

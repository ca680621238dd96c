using System.Collections.Immutable;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Decisions that an app takes in the name of an approver.</summary>
internal sealed class TasksApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.task.approve", r => Decide(r, (i, user) => engine.Approve(i, user, r.Text("task_id"), r.Text("comment"), r.Text("form"))));
        on.AddApproval("approval.v4.task.reject", r => Decide(r, (i, user) => engine.Reject(i, user, r.Text("task_id"), r.Text("comment"), r.Text("form"))));
        on.AddApproval("approval.v4.task.transfer", r => Decide(r, (i, user) => engine.Transfer(i, user, r.Text("task_id"), Person(r, r.Text("transfer_user_id")!), r.Text("comment"))));
        on.AddApproval("approval.v4.task.resubmit", r => Decide(r, (i, user) => engine.Resubmit(i, user, r.Text("task_id"), r.Text("form")!, r.Text("comment"))));
        on.AddApproval("approval.v4.instance.specified_rollback", RollBack);
        on.AddApproval("approval.v4.instance.add_sign", AddSign);
    }

    private ApiAnswer Decide(ApiRequest request, Action<string, string> decide)
    {
        decide(engine.InstanceOf(request), Person(request, request.Text("user_id")!));
        return FeishuAnswer.Data();
    }

    private ApiAnswer RollBack(ApiRequest request)
    {
        engine.RollBack(null, Person(request, request.Text("user_id")!), request.Text("task_id"), request.Texts("task_def_key_list"), request.Text("reason"));
        return FeishuAnswer.Data();
    }

    /// <summary>This one takes <c>user_id</c>s only, and its answer has no data.</summary>
    private ApiAnswer AddSign(ApiRequest request)
    {
        var method = request.Body["approval_method"]?.GetValue<int>() switch { 1 => NodeKind.Or, 2 => NodeKind.And, _ => (NodeKind?)null };
        engine.AddApprovers(engine.InstanceOf(request), state.PersonBy(request, request.Text("user_id")!, "user_id"), request.Text("task_id"),
            [.. request.Texts("add_sign_user_ids").Select(u => state.PersonBy(request, u, "user_id"))], (AddSignPosition)request.Body["add_sign_type"]!.GetValue<int>(), method, request.Text("comment"));
        return FeishuAnswer.Flat("success", []);
    }

    private string Person(ApiRequest request, string id) => state.PersonBy(request, id);
}

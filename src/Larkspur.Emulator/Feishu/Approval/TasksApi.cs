using System.Collections.Immutable;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Decisions that an app takes in the name of an approver.</summary>
internal sealed class TasksApi(EmulatedWorld world, ApprovalDesk desk) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.task.approve", r => Decide(r, (i, user) => desk.Approve(i, user, r.Text("task_id"), r.Text("comment"), r.Text("form"))));
        on.AddApproval("approval.v4.task.reject", r => Decide(r, (i, user) => desk.Reject(i, user, r.Text("task_id"), r.Text("comment"), r.Text("form"))));
        on.AddApproval("approval.v4.task.transfer", r => Decide(r, (i, user) => desk.Transfer(i, user, r.Text("task_id"), Person(r, r.Text("transfer_user_id")!), r.Text("comment"))));
        on.AddApproval("approval.v4.task.resubmit", r => Decide(r, (i, user) => desk.Resubmit(i, user, r.Text("task_id"), r.Text("form")!, r.Text("comment"))));
        on.AddApproval("approval.v4.instance.specified_rollback", RollBack);
        on.AddApproval("approval.v4.instance.add_sign", AddSign);
    }

    private ApiAnswer Decide(ApiRequest request, Action<string, string> decide)
    {
        decide(desk.InstanceOf(request), Person(request, request.Text("user_id")!));
        return ApiAnswer.Data();
    }

    private ApiAnswer RollBack(ApiRequest request)
    {
        desk.RollBack(null, Person(request, request.Text("user_id")!), request.Text("task_id"), request.Texts("task_def_key_list"), request.Text("reason"));
        return ApiAnswer.Data();
    }

    /// <summary>This one takes <c>user_id</c>s only, and its answer has no data.</summary>
    private ApiAnswer AddSign(ApiRequest request)
    {
        var method = request.Body["approval_method"]?.GetValue<int>() switch { 1 => NodeKind.Or, 2 => NodeKind.And, _ => (NodeKind?)null };
        desk.AddApprovers(desk.InstanceOf(request), world.PersonBy(request, request.Text("user_id")!, "user_id"), request.Text("task_id"),
            [.. request.Texts("add_sign_user_ids").Select(u => world.PersonBy(request, u, "user_id"))], (AddedWhere)request.Body["add_sign_type"]!.GetValue<int>(), method, request.Text("comment"));
        return ApiAnswer.Flat("success", []);
    }

    private string Person(ApiRequest request, string id) => world.PersonBy(request, id);
}

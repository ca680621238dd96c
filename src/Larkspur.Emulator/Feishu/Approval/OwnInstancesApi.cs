using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Requests as a person deals with them by their own token: lists, shows, withdraws and copies them.</summary>
/// <remarks>
/// Source: larksuite/cli, skills/lark-approval/references; the reference has no pages of these calls. UNVERIFIED: that whoever has to do
/// with a request may read it and send copies, that reading leaves a copy unread, and the error codes.
/// </remarks>
internal sealed class OwnInstancesApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    private readonly OwnApprovalsView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.instance.detail", r => FeishuAnswer.Data(_view.Detail(r, Involved(r, r.QueryText("instance_code")!))));
        on.AddApproval("approval.v4.instance.initiated", Initiated);
        on.AddApproval("approval.v4.instance.recall", Recall);
        on.AddApproval("approval.v4.instance.add_cc", CopyTo);
    }

    /// <summary>Times are of the submission, in unix seconds.</summary>
    private ApiAnswer Initiated(ApiRequest request)
    {
        var mine = state.ApprovalInstances.Where(i => i.UserId == request.Caller!.UserId);
        var found = mine.Where(i => OwnApprovalsView.Wanted(request, i.Definition.Code, i.StartTime));
        return OwnApprovalsView.Page(request, [.. found.OrderByDescending(i => i.StartTime)], "instances", i => _view.Head(request, i));
    }

    private ApiAnswer Recall(ApiRequest request)
    {
        engine.Cancel(request.Text("instance_code")!, request.Caller!.UserId!);
        return FeishuAnswer.Data();
    }

    private ApiAnswer CopyTo(ApiRequest request)
    {
        var people = request.Texts("cc_user_ids").Select(u => state.PersonBy(request, u)).ToArray();
        engine.CopyTo(Involved(request, request.Text("instance_code")!).Code, request.Caller!.UserId!, people, request.Text("comment"));
        return FeishuAnswer.Data();
    }

    /// <summary>A request that the caller has to do with: submitted, decides, got a copy, or administers.</summary>
    /// <exception cref="ApprovalRefusal">1390003 no such request, 1390009 somebody else's.</exception>
    private ApprovalInstance Involved(ApiRequest request, string code)
    {
        var (found, who) = (engine.Instance(code), request.Caller!.UserId!);
        return found.Involves(who) || found.Definition.Managers.Contains(who) ? found
            : throw new ApprovalRefusal(ApprovalRefusal.NotAllowed, "no operation permission", "没有权限");
    }
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Kinds of requests: make or overwrite, read, and whether the app hears of their requests.</summary>
internal sealed class DefinitionsApi(EmulatorState state, ApprovalEngine engine, DefinitionReader reader) : IApiArea
{
    private const long AlreadySubscribed = 1390007;
    private const long NotSubscribed = 60008;
    private readonly ApprovalView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.approval.create", Create);
        on.AddApproval("approval.v4.approval.get", Get);
        on.AddApproval("approval.v4.approval.subscribe", r => Subscribe(r, true));
        on.AddApproval("approval.v4.approval.unsubscribe", r => Subscribe(r, false));
    }

    /// <summary>With a known code the whole definition is overwritten; requests on their way keep theirs.</summary>
    private ApiAnswer Create(ApiRequest request)
    {
        var known = request.Text("approval_code") is { Length: > 0 } code ? engine.Definition(code) : null;
        var definition = reader.Read(request, known?.Code ?? engine.NewCode(), known?.ApprovalId ?? engine.NewId());
        if (known is not null) definition = definition with { Version = known.Version + 1, SkipsRepeated = known.SkipsRepeated, Status = known.Status };
        engine.Put(definition, changed: known is not null);
        return FeishuAnswer.Data(new JsonObject { ["approval_code"] = definition.Code, ["approval_id"] = definition.ApprovalId });
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var definition = engine.Definition(request.Path["approval_code"]);
        if (definition.Status == DefinitionStatus.Deleted) throw new ApprovalRefusal(ApprovalRefusal.Deleted, "approval is deleted", "审批定义已删除");
        return FeishuAnswer.Data(_view.Definition(request, definition));
    }

    private ApiAnswer Subscribe(ApiRequest request, bool subscribed)
    {
        var code = request.Path["approval_code"];
        code = state.ExternalApproval(code)?.Code ?? engine.Definition(code).Code;
        if (!state.SubscribeApproval(request.App.AppId, code, subscribed))
        {
            throw subscribed ? new ApprovalRefusal(AlreadySubscribed, "subscription existed", "已经订阅过了") : new ApprovalRefusal(NotSubscribed, "subscription not existed", "尚未订阅");
        }

        return FeishuAnswer.Data();
    }
}

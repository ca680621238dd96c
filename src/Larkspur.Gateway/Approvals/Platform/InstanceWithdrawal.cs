using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;

namespace Larkspur.Gateway.Approvals;

/// <summary>Withdraws an instance in its submitter's name, for REST and the console. Whether the caller may was asked before.</summary>
internal sealed class InstanceWithdrawal(ApprovalRelay relay, AuditTrail audit)
{
    /// <summary>Withdraws one.</summary>
    /// <param name="who">Who asks for it.</param>
    /// <param name="app">By which app.</param>
    /// <param name="id">The instance's code.</param>
    /// <param name="code">Of which definition; null: the platform is asked.</param>
    /// <param name="submitter">In whose name: which kind of id, and the id.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<JsonElement> WithdrawAsync(
        Actor who, FeishuApp app, string id, string? code, (string Type, string Id) submitter, CancellationToken cancellation)
    {
        code = await relay.CodeOfAsync(app, code, id, cancellation);
        // Before the call: one whose answer is lost may have had its effect. The platform shows the submitter, whoever asked.
        await audit.AddAsync(who, "approval_instance.cancel", id,
            new JsonObject { ["app"] = app.Name, ["in_the_name_of"] = submitter.Id }, cancellation);
        var body = new JsonObject { ["approval_code"] = code, ["instance_code"] = id, ["user_id"] = submitter.Id };
        return await relay.CallAsync(app, Endpoints.InstanceCancel, body, r => r.WithQuery("user_id_type", submitter.Type), cancellation);
    }
}

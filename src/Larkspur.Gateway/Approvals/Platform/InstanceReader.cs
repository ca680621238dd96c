using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>An instance as the platform has it, for a caller who may read it: what REST answers and the console shows.</summary>
internal sealed class InstanceReader(ApprovalRelay relay, InstanceOwners owners)
{
    /// <summary>Reads one.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="app">By which app.</param>
    /// <param name="id">Its code, or the uuid it was made under.</param>
    /// <param name="locale">The language of names and options; null: the platform's choice.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">There is none, or none that the caller may read.</exception>
    public async Task<JsonElement> ReadAsync(KeyGrant caller, FeishuApp app, string id, string? locale, CancellationToken cancellation)
    {
        id = ApprovalRelay.Id(id, "?id");
        await owners.DemandReadAsync(caller, app.Name, id, cancellation);
        try
        {
            return await relay.CallAsync(app, Endpoints.InstanceGet, null, Fill, cancellation);
        }
        catch (FeishuApiException e) when (ApprovalReads.IsUnknown(e))
        {
            throw ApprovalRelay.UnknownInstance();
        }

        FeishuRequest Fill(FeishuRequest request) =>
            request.WithPath("instance_id", id).WithQuery("user_id_type", "open_id").WithQuery("locale", locale);
    }
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>The company that the app is installed in.</summary>
/// <remarks>
/// Source: Feishu open platform, tenant/v2/tenant/query; scope <c>tenant:tenant:readonly</c>, a tenant's token. <c>tenant_tag</c> 0 is an
/// ordinary company, 2 one made of one person. The pictures are left empty: no company here has a logo.
/// </remarks>
internal sealed class TenantApi : IApiArea
{
    public void Register(ApiHandlers on) => on.Add("tenant.v2.tenant.query", Query);

    private static ApiAnswer Query(ApiRequest request) => FeishuAnswer.Data(new JsonObject
    {
        ["tenant"] = new JsonObject
        {
            ["name"] = SeededCompany.Name, ["display_id"] = "F" + request.App.TenantKey, ["tenant_tag"] = 0,
            ["tenant_key"] = request.App.TenantKey,
            ["avatar"] = new JsonObject
            {
                ["avatar_origin"] = "", ["avatar_72"] = "", ["avatar_240"] = "", ["avatar_640"] = "",
            },
        },
    });
}

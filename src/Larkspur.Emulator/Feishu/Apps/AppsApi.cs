using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>The bot's own identity, the app with its versions, and its scopes.</summary>
internal sealed class AppsApi(EmulatorState state, EndpointCatalogue catalogue) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("bot.v3.info.get", Bot);
        on.Add("application.v6.scope.list", Scopes);
        on.Add("application.v6.application.get", App);
        on.Add("application.v6.application.app_version.list", Versions);
        on.Add("application.v6.application.app_version.get", Version);
    }

    /// <remarks><c>activate_status</c>: 2 in use, 0 never put into use. UNVERIFIED for an app without a published version.</remarks>
    private static ApiAnswer Bot(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw new ApiRefusedException(400, 11205, "app do not have bot");
        return FeishuAnswer.Flat("ok", new JsonObject
        {
            ["bot"] = new JsonObject
            {
                ["activate_status"] = request.App.OnlineVersion is null ? 0 : 2, ["app_name"] = request.App.Name, ["avatar_url"] = "", ["ip_white_list"] = new JsonArray(),
                ["open_id"] = request.App.BotOpenId,
            },
        });
    }

    /// <summary>The scopes that the platform knows, with what the tenant granted. An app that was never published is installed nowhere (UNVERIFIED).</summary>
    private ApiAnswer Scopes(ApiRequest request)
    {
        var app = request.App;
        if (app.OnlineVersion is null) throw request.Refuse(212100);
        return FeishuAnswer.Data(new JsonObject
        {
            ["scopes"] = new JsonArray([.. AppScopes.All(catalogue).Union(app.GrantedScopes ?? []).Order(StringComparer.Ordinal).Select(s => (JsonNode)new JsonObject
            {
                ["scope_name"] = s, ["grant_status"] = app.IsGranted(s) ? 1 : 2,
            })]),
        });
    }

    private ApiAnswer App(ApiRequest request)
    {
        var app = Own(request);
        var owner = state.People.FirstOrDefault(p => p.IsTenantManager) ?? state.People[0];
        var ownerId = MessageView.PersonId(state, app, owner.UserId, request.QueryText("user_id_type") ?? "open_id");
        return FeishuAnswer.Data(new JsonObject
        {
            ["app"] = new JsonObject
            {
                ["app_id"] = app.AppId, ["creator_id"] = ownerId, ["status"] = app.OnlineVersion is null ? 2 : 1, ["scene_type"] = app.Kind == AppKind.Store ? 1 : 0,
                ["payment_type"] = 0, ["redirect_urls"] = new JsonArray(), ["online_version_id"] = app.Online?.IdIn(app.AppId) ?? "",
                ["unaudit_version_id"] = app.Versions.FirstOrDefault(v => v.Status == AppVersionStatus.UnderAudit)?.IdIn(app.AppId) ?? "",
                ["app_name"] = English(request) ? app.EnName : app.Name, ["avatar_url"] = "", ["description"] = "",
                ["scopes"] = AppVersionView.Scopes(AppScopes.All(catalogue).Where(app.IsGranted)),
                ["primary_language"] = "zh_cn", ["common_categories"] = new JsonArray(),
                ["owner"] = new JsonObject { ["type"] = 2, ["owner_id"] = ownerId },
            },
        });
    }

    /// <summary>The newest first, or with <c>order=1</c> the oldest.</summary>
    private ApiAnswer Versions(ApiRequest request)
    {
        var app = Own(request);
        var all = request.QueryInt("order", 0) == 1 ? app.Versions : app.Versions.Reverse();
        return FeishuAnswer.Data(Paging.Page(request, all, v => AppVersionView.Show(app, v, catalogue, English(request)), 20, badToken: 210501));
    }

    private ApiAnswer Version(ApiRequest request)
    {
        var app = Own(request);
        var version = app.Versions.FirstOrDefault(v => v.IdIn(app.AppId) == request.Path["version_id"]) ?? throw request.Refuse(211002);
        return FeishuAnswer.Data(new JsonObject { ["app_version"] = AppVersionView.Show(app, version, catalogue, English(request)) });
    }

    /// <summary>An app sees itself, also as <c>me</c>.</summary>
    private BotApp Own(ApiRequest request)
    {
        var id = request.Path["app_id"];
        return id is "me" || id == request.App.AppId ? request.App : throw request.Refuse(state.App(id) is null ? 210506 : 210508);
    }

    private static bool English(ApiRequest request) => request.QueryText("lang") == "en_us";
}

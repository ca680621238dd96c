using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>The bot's own identity, the app and its scopes.</summary>
internal sealed class AppsApi(EmulatedWorld world, EndpointCatalogue catalogue) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("bot.v3.info.get", Bot);
        on.Add("application.v6.scope.list", Scopes);
        on.Add("application.v6.application.get", App);
    }

    private static ApiAnswer Bot(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw new ApiRefusedException(400, 11205, "app do not have bot");
        return ApiAnswer.Flat("ok", new JsonObject
        {
            ["bot"] = new JsonObject
            {
                ["activate_status"] = 2, ["app_name"] = request.App.Name, ["avatar_url"] = "", ["ip_white_list"] = new JsonArray(),
                ["open_id"] = request.App.BotOpenId,
            },
        });
    }

    private ApiAnswer Scopes(ApiRequest request) => ApiAnswer.Data(new JsonObject
    {
        ["scopes"] = new JsonArray([.. AllScopes().Select(s => (JsonNode)new JsonObject
        {
            ["scope_name"] = s, ["grant_status"] = request.App.IsGranted(s) ? 1 : 2,
        })]),
    });

    /// <summary>An app sees itself, also as <c>me</c>.</summary>
    private ApiAnswer App(ApiRequest request)
    {
        var id = request.Path["app_id"];
        if (id is not "me" && id != request.App.AppId) throw request.Refuse(world.App(id) is null ? 210506 : 210508);
        var app = request.App;
        var owner = world.People.FirstOrDefault(p => p.IsTenantManager) ?? world.People[0];
        var ownerId = MessageView.PersonId(world, app, owner.UserId, request.QueryText("user_id_type") ?? "open_id");
        var english = request.QueryText("lang") == "en_us";
        return ApiAnswer.Data(new JsonObject
        {
            ["app"] = new JsonObject
            {
                ["app_id"] = app.AppId, ["creator_id"] = ownerId, ["status"] = 1, ["scene_type"] = app.Kind == AppKind.Store ? 1 : 0,
                ["payment_type"] = 0, ["redirect_urls"] = new JsonArray(), ["online_version_id"] = "oav_" + WireIds.Hash("version", app.AppId),
                ["unaudit_version_id"] = "", ["app_name"] = english ? app.EnName : app.Name, ["avatar_url"] = "", ["description"] = "",
                ["scopes"] = new JsonArray([.. AllScopes().Where(app.IsGranted).Select(s => (JsonNode)new JsonObject
                {
                    ["scope"] = s, ["description"] = "", ["level"] = 1, ["token_types"] = new JsonArray("tenant", "user"),
                })]),
                ["primary_language"] = "zh_cn", ["common_categories"] = new JsonArray(),
                ["owner"] = new JsonObject { ["type"] = 2, ["owner_id"] = ownerId },
            },
        });
    }

    private IEnumerable<string> AllScopes() => catalogue.Endpoints.SelectMany(e => e.Scopes).Distinct().Order(StringComparer.Ordinal);
}

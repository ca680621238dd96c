using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>A version of an app as the platform shows it.</summary>
/// <remarks>UNVERIFIED: names and descriptions of events and scopes are left empty, the platform's texts are not in the catalogue.</remarks>
internal static class AppVersionView
{
    public static JsonObject Show(BotApp app, AppVersion version, EndpointCatalogue catalogue, bool english)
    {
        var online = version.Number == app.OnlineVersion;
        // Of what is online the app itself knows what is in force.
        var scopes = online ? app.GrantedScopes : version.Scopes;
        var events = (online ? app.Subscriptions : version.Events)?.Order(StringComparer.Ordinal).ToArray() ?? [.. Events.EventScopes.Types];
        var bot = online ? app.BotEnabled : version.Bot;
        return new JsonObject
        {
            ["app_id"] = app.AppId, ["version"] = version.Name, ["version_id"] = version.IdIn(app.AppId), ["app_name"] = english ? app.EnName : app.Name,
            ["avatar_url"] = "", ["description"] = "", ["scopes"] = Scopes(scopes?.Order(StringComparer.Ordinal) ?? (IEnumerable<string>)AppScopes.All(catalogue)),
            ["common_categories"] = new JsonArray(), ["events"] = new JsonArray([.. events.Select(e => (JsonNode?)e)]), ["status"] = (int)version.Status,
            ["create_time"] = Seconds(version.Created), ["publish_time"] = version.Published is { } at ? Seconds(at) : "",
            ["ability"] = bot ? new JsonObject { ["bot"] = new JsonObject { ["card_request_url"] = app.CallbackUrl } } : [],
            ["remark"] = new JsonObject { ["remark"] = "", ["update_remark"] = "", ["visibility"] = new JsonObject { ["is_all"] = app.AvailableTo is null } },
            ["event_infos"] = new JsonArray([.. events.Select(e => (JsonNode?)new JsonObject { ["event_type"] = e, ["event_name"] = e, ["event_description"] = "" })]),
        };
    }

    public static JsonArray Scopes(IEnumerable<string> scopes) => [.. scopes.Select(s => (JsonNode?)new JsonObject
    {
        ["scope"] = s, ["description"] = "", ["level"] = 1, ["token_types"] = new JsonArray("tenant", "user"),
    })];

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}

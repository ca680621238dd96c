using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>People (and apps, for what they wrote) as records show them and calls name them.</summary>
internal sealed class RecordPeople(EmulatorState state, BotApp app, string userIdType)
{
    private static readonly string[] AvatarScopes =
        ["contact:user.base:readonly", "contact:contact:access_as_app", "contact:contact:readonly", "contact:contact:readonly_as_app"];

    public Person? Find(string id) => state.Find(app, id, userIdType);

    public string IdOf(string personOrAppId)
    {
        if (state.Person(personOrAppId) is not { } person) return state.App(personOrAppId)?.BotOpenId ?? "";
        return userIdType switch { "user_id" => person.PresentUserId, "union_id" => person.UnionId,
            _ => WireIds.OpenId(app.AppId, person.UserId) };
    }

    public JsonObject Show(string personOrAppId)
    {
        var person = state.Person(personOrAppId);
        var bot = person is null ? state.App(personOrAppId) : null;
        var shown = new JsonObject
        {
            ["id"] = IdOf(personOrAppId), ["name"] = person?.Name ?? bot?.Name ?? "", ["en_name"] = person?.EnName ?? bot?.EnName ?? "",
            ["email"] = person?.Email ?? "",
        };
        if (AvatarScopes.Any(app.IsGranted))
            shown["avatar_url"] = "https://emulator.invalid/avatar/" + WireIds.Hash("avatar", personOrAppId);
        return shown;
    }
}

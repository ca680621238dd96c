using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Collaborators and members of spaces by the ids of the wire. An app is shown by its open id, as it is added (that it is shown so too is UNVERIFIED).</summary>
internal static class MemberView
{
    public static string OpenId(EmulatorState state, ApiRequest request, string personOrAppId) =>
        state.App(personOrAppId) is { } app ? app.BotOpenId : WireIds.OpenId(request.App.AppId, personOrAppId);

    /// <param name="withType">The caller asked for the field.</param>
    public static JsonObject Show(EmulatorState state, ApiRequest request, DocumentMember member, bool withType)
    {
        var (idType, id) = Id(state, request, member.Type, member.Id);
        var shown = new JsonObject { ["member_type"] = idType, ["member_id"] = id, ["perm"] = member.Perm, ["perm_type"] = member.PermType };
        if (withType) shown["type"] = TypeOf(member.Type);
        return shown;
    }

    public static JsonObject Show(EmulatorState state, ApiRequest request, WikiMember member)
    {
        var (idType, id) = Id(state, request, member.Type, member.Id);
        return new JsonObject { ["member_type"] = idType, ["member_id"] = id, ["member_role"] = member.Role, ["type"] = TypeOf(member.Type) };
    }

    private static (string IdType, string Id) Id(EmulatorState state, ApiRequest request, string type, string id) => type switch
    {
        "chat" => ("openchat", id),
        "department" => ("opendepartmentid", id),
        "group" => ("groupid", id),
        "wiki_space_member" => ("wikispaceid", id),
        _ => ("openid", OpenId(state, request, id)),
    };

    private static string TypeOf(string type) => type == "app" ? "user" : type;
}

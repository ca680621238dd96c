using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Whom a call adds to a document.</summary>
internal static class MemberReader
{
    /// <exception cref="ApiRefusedException">1063001: nobody has the id, or an app adds a department; 1063003: the app is not in the group.</exception>
    public static DocumentMember Read(EmulatorState state, ApiRequest request)
    {
        var (type, id, perm) = (request.Text("member_type")!, request.Text("member_id")!, request.Text("perm")!);
        var (kind, stored) = type switch
        {
            "openid" when state.Apps.FirstOrDefault(a => a.BotOpenId == id) is { } app => ("app", app.AppId),
            "openchat" when state.Chat(id) is { Dissolved: false } chat => chat.Has(DocumentAccess.Caller(request)) ? ("chat", id) : throw request.Refuse(1063003),
            "opendepartmentid" when request.Caller!.UserId is not null && state.Departments.Any(d => d.OpenDepartmentId == id) => ("department", id),
            "wikispaceid" when request.QueryText("type") == "wiki" && state.WikiSpace(id) is not null => ("wiki_space_member", id),
            "openid" or "userid" or "unionid" or "email" when Person(state, request, type, id) is { IsResigned: false } person => ("user", person.UserId),
            _ => throw request.Refuse(1063001),
        };
        return new DocumentMember(kind, stored, perm, request.Text("perm_type") ?? "container");
    }

    private static Person? Person(EmulatorState state, ApiRequest request, string type, string id) => state.People.FirstOrDefault(p => type switch
    {
        "openid" => WireIds.OpenId(request.App.AppId, p.UserId) == id,
        "userid" => p.PresentUserId == id,
        "unionid" => p.UnionId == id,
        _ => p.Email.Equals(id, StringComparison.OrdinalIgnoreCase),
    });

    /// <summary>What the call named, in its own words.</summary>
    public static JsonObject Echo(ApiRequest request, DocumentMember member) => new()
    {
        ["member_type"] = request.Text("member_type"), ["member_id"] = request.Text("member_id"), ["perm"] = member.Perm, ["perm_type"] = member.PermType,
        ["type"] = member.Type == "app" ? "user" : member.Type,
    };
}

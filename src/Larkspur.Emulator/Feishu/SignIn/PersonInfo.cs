using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Who signed in, with the fields that both the app and the person's consent open. A field without its scope is absent.</summary>
internal static class PersonInfo
{
    public static JsonObject Of(BotApp app, Person person, EmulatorState state, Func<string, bool> may)
    {
        var info = new JsonObject
        {
            ["name"] = person.Name, ["en_name"] = person.EnName, ["avatar_url"] = "", ["avatar_thumb"] = "", ["avatar_middle"] = "",
            ["avatar_big"] = "", ["open_id"] = WireIds.OpenId(app.AppId, person.UserId), ["union_id"] = person.UnionId,
            ["tenant_key"] = state.TenantOf(app, person.UserId),
        };
        if (may("contact:user.email:readonly")) info["email"] = person.Email;
        if (may("contact:user.phone:readonly")) info["mobile"] = person.Mobile;
        if (may("contact:user.employee_id:readonly")) info["user_id"] = person.PresentUserId;
        // Mail of the platform's own is not played: nobody has an address there.
        if (may("contact:user.employee:readonly")) (info["enterprise_email"], info["employee_no"]) = ("", person.EmployeeNo);
        return info;
    }

    /// <summary>What the scopes of a consent open.</summary>
    public static Func<string, bool> Opened(BotApp app, Consent consent) =>
        scope => app.IsGranted(scope) && (consent.Scopes is null || consent.Scopes.Contains(scope));

    /// <summary>The person behind a user token.</summary>
    /// <exception cref="ApiRefusedException">20008, 20021, 20022, 20023.</exception>
    public static Person SignedIn(ApiRequest request, EmulatorState state) => state.Person(request.Caller!.UserId!) switch
    {
        null => throw request.Refuse(20008),
        { Status: PersonStatus.Resigned } => throw request.Refuse(20021),
        { Status: PersonStatus.Frozen } => throw request.Refuse(20022),
        { Status: PersonStatus.Inactive } => throw request.Refuse(20023),
        { } person => person,
    };
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>A code becomes a person's token, and the token tells who they are. It is not OpenID Connect: there is no id_token.</summary>
/// <remarks>The codes of refusals are UNVERIFIED.</remarks>
internal sealed class SignInApi(DingTalkSettings settings, AccessTokens tokens, SignInCodes codes) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/v1.0/oauth2/userAccessToken", Exchange) with { Token = TokenKind.None },
        DingTalkRoute.Get("/v1.0/contact/users/{unionId}", Me) with { Token = TokenKind.Person, Scope = "Contact.User.Read" },
    ];

    private DingTalkAnswer Exchange(DingTalkCall call)
    {
        if (!TokensApi.IsApp(settings, call.Text("clientId"), call.Text("clientSecret"))) throw DingTalkRefusal.New("invalidClientIdOrSecret", "无效的clientId或者clientSecret");
        var userId = call.Text("grantType") switch
        {
            "authorization_code" => codes.Take(call.Need("code")) ?? throw DingTalkRefusal.New("invalidParameter.authCode.notFound", "不合法的临时授权码"),
            "refresh_token" => tokens.PersonOfRefresh(call.Need("refreshToken")) ?? throw DingTalkRefusal.New("invalidParameter.refreshToken.notFound", "不合法的refreshToken"),
            _ => throw DingTalkRefusal.New("unsupported.grant.type"),
        };
        var (access, refresh) = tokens.ForPerson(userId);
        return new(new JsonObject { ["accessToken"] = access, ["refreshToken"] = refresh, ["expireIn"] = (int)AccessTokens.Life.TotalSeconds, ["corpId"] = settings.CorpId });
    }

    private DingTalkAnswer Me(DingTalkCall call)
    {
        var person = call.Person!;
        var unionId = DingTalkIds.UnionId(person.UserId);
        if (call.Path["unionId"] != "me" && call.Path["unionId"] != unionId) throw DingTalkRefusal.New("Forbidden.AccessDenied", "a person's token tells of that person only", StatusCodes.Status403Forbidden);
        return new(new JsonObject
        {
            ["nick"] = person.Name, ["avatarUrl"] = "", ["mobile"] = person.Mobile.Replace("+86", "", StringComparison.Ordinal), ["openId"] = DingTalkIds.OpenId(person.UserId), ["unionId"] = unionId,
            ["email"] = person.Email, ["stateCode"] = "86",
        });
    }
}

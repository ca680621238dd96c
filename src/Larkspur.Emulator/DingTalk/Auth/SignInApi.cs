using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>A code becomes a person's token, and the token tells who they are; inside the client a code alone tells it. It is not OpenID
/// Connect: there is no id_token.</summary>
/// <remarks>The codes of refusals are what is seen in use; that of a refresh token is UNVERIFIED.</remarks>
internal sealed class SignInApi(
    EmulatorState state, DingTalkSettings settings, DingTalkAccess gate, PersonTokens tokens, SignInCodes codes, SignInRules rules,
    JsapiTickets tickets) : IDingTalkArea
{
    private const string MobileScope = "Contact.User.mobile";

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/v1.0/oauth2/userAccessToken", Exchange) with { Token = TokenKind.None },
        DingTalkRoute.Post("/v1.0/oauth2/jsapiTickets", Ticket) with { Scope = "qyapi_base", Free = true },
        DingTalkRoute.Get("/v1.0/contact/users/{unionId}", Me) with { Token = TokenKind.Person, Scope = "Contact.User.Read" },
        DingTalkRoute.Post("/topapi/v2/user/getuserinfo", FreeLogin) with { Scope = "qyapi_base", Free = true },
    ];

    private DingTalkAnswer Exchange(DingTalkCall call)
    {
        if (!TokensApi.IsApp(settings, call.Text("clientId"), call.Text("clientSecret")))
            throw DingTalkRefusal.New("invalidClientIdOrSecret", "无效的clientId或者clientSecret");
        var who = call.Text("grantType") switch
        {
            "authorization_code" => codes.Take(call.Need("code"), SignInWay.Page)
                ?? throw DingTalkRefusal.New("invalidParameter.authCode.notFound", "不合法的临时授权码"),
            "refresh_token" => tokens.OfRefresh(call.Need("refreshToken"))
                ?? throw DingTalkRefusal.New("invalidParameter.refreshToken.notFound", "不合法的refreshToken"),
            _ => throw DingTalkRefusal.New("unsupported.grant.type"),
        };
        var (access, refresh) = tokens.For(who);
        var answer = new JsonObject
        {
            ["accessToken"] = access, ["refreshToken"] = refresh, ["expireIn"] = (int)AccessTokens.Life.TotalSeconds,
        };
        if (who.WithCorp) answer["corpId"] = rules.TokenCorpId ?? settings.CorpId;
        return new(answer);
    }

    /// <summary>The account is the person's own: it outlives their time in the organisation.</summary>
    private DingTalkAnswer Me(DingTalkCall call)
    {
        var person = call.Person!;
        var unionId = DingTalkIds.UnionId(person.UserId);
        if (call.Path["unionId"] != "me" && call.Path["unionId"] != unionId)
            throw DingTalkRefusal.New(
                "Forbidden.AccessDenied", "a person's token tells of that person only", StatusCodes.Status403Forbidden);
        var me = new JsonObject
        {
            ["nick"] = person.Name, ["avatarUrl"] = "", ["openId"] = DingTalkIds.OpenId(person.UserId), ["unionId"] = unionId,
            ["email"] = person.Email, ["stateCode"] = "86",
        };
        // What the application may not see is missing.
        if (!gate.Denied.Contains(MobileScope)) me["mobile"] = UserView.Bare(person.Mobile);
        return new(me);
    }

    /// <summary>Inside DingTalk a page learns by a code who opened it.</summary>
    private DingTalkAnswer FreeLogin(DingTalkCall call)
    {
        var person = codes.Take(call.Need("code"), SignInWay.Client) is { } who ? state.Person(who.UserId) : null;
        if (person is not { IsResigned: false }) throw DingTalkRefusal.Old(40078, "不存在的临时授权码");
        if (!rules.IsAvailableTo(person)) throw DingTalkRefusal.Old(40079, "不存在的授权信息");
        var unionId = DingTalkIds.UnionId(person.UserId);
        return new(new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["userid"] = person.PresentUserId, ["unionid"] = unionId, ["associated_unionid"] = unionId, ["name"] = person.Name,
                ["sys"] = person.IsTenantManager, ["sys_level"] = person.IsTenantManager ? 1 : 0,
                ["device_id"] = "emulator",
            },
        });
    }

    private DingTalkAnswer Ticket(DingTalkCall call)
    {
        var (ticket, seconds) = tickets.Get();
        return new(new JsonObject { ["jsapiTicket"] = ticket, ["expireIn"] = seconds });
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>The application's token, in its three forms. They are one token.</summary>
internal sealed class TokensApi(DingTalkSettings settings, AccessTokens tokens) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/v1.0/oauth2/accessToken", NewForm) with { Token = TokenKind.None },
        DingTalkRoute.Post("/v1.0/oauth2/{corpId}/token", OfCorp) with { Token = TokenKind.None },
        DingTalkRoute.Get("/gettoken", OldForm) with { Token = TokenKind.None },
    ];

    /// <summary>Id and secret are the application's. Constant time in the secret.</summary>
    public static bool IsApp(DingTalkSettings settings, string? id, string? secret) =>
        id == settings.ClientId && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret ?? ""), Encoding.UTF8.GetBytes(settings.ClientSecret));

    private DingTalkAnswer NewForm(DingTalkCall call) =>
        IsApp(settings, call.Text("appKey"), call.Text("appSecret"))
            ? new(new JsonObject { ["accessToken"] = tokens.ForApp(), ["expireIn"] = (int)AccessTokens.Life.TotalSeconds })
            : throw DingTalkRefusal.New("invalidClientIdOrSecret", "无效的clientId或者clientSecret");

    private DingTalkAnswer OfCorp(DingTalkCall call)
    {
        if (call.Text("grant_type") != "client_credentials") throw DingTalkRefusal.New("unsupported.grant.type");
        if (call.Path["corpId"] != settings.CorpId) throw DingTalkRefusal.New("unauthorized.client", status: StatusCodes.Status401Unauthorized);
        return IsApp(settings, call.Text("client_id"), call.Text("client_secret"))
            ? new(new JsonObject { ["access_token"] = tokens.ForApp(), ["expires_in"] = (int)AccessTokens.Life.TotalSeconds })
            : throw DingTalkRefusal.New("invalid.client");
    }

    private DingTalkAnswer OldForm(DingTalkCall call) =>
        IsApp(settings, call.Text("appkey"), call.Text("appsecret"))
            ? new(new JsonObject { ["access_token"] = tokens.ForApp(), ["expires_in"] = (int)AccessTokens.Life.TotalSeconds })
            : throw DingTalkRefusal.Old(40001, "获取access_token时Secret错误，或者access_token无效");
}

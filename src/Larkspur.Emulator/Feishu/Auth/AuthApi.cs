using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Auth;

/// <summary>The token endpoints: flat answers, codes of their own.</summary>
/// <remarks>Their HTTP status on failure is UNVERIFIED; 200 is what the older family of APIs answers.</remarks>
internal sealed class AuthApi(EmulatorState state, TokenStore tokens, EventSource events) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("auth.v3.tenant_access_token.internal", TenantInternal, ownValidation: true);
        on.Add("auth.v3.app_access_token.internal", AppInternal, ownValidation: true);
        on.Add("auth.v3.app_access_token.create", AppOfStore, ownValidation: true);
        on.Add("auth.v3.tenant_access_token.create", TenantOfStore, ownValidation: true);
        on.Add("auth.v3.app_ticket.resend", ResendTicket, ownValidation: true);
    }

    private ApiAnswer TenantInternal(ApiRequest request)
    {
        var (token, expire) = tokens.Tenant(KnownApp(request, AppKind.Custom));
        return FeishuAnswer.Flat("ok", new JsonObject { ["tenant_access_token"] = token, ["expire"] = expire });
    }

    private ApiAnswer AppInternal(ApiRequest request)
    {
        var (token, expire) = tokens.Tenant(KnownApp(request, AppKind.Custom));
        return FeishuAnswer.Flat("ok", new JsonObject { ["app_access_token"] = token, ["tenant_access_token"] = token, ["expire"] = expire });
    }

    private ApiAnswer AppOfStore(ApiRequest request)
    {
        var app = KnownApp(request, AppKind.Store);
        if (!Same(request.Text("app_ticket"), tokens.Ticket(app.AppId))) throw new ApiRefusedException(200, 10012, "app_ticket invalid");
        var (token, expire) = tokens.AppLevel(app);
        return FeishuAnswer.Flat("success", new JsonObject { ["app_access_token"] = token, ["expire"] = expire });
    }

    private ApiAnswer TenantOfStore(ApiRequest request)
    {
        if (request.Text("app_access_token") is not { Length: > 0 } appToken || request.Text("tenant_key") is not { Length: > 0 } tenant) throw Missing();
        var issued = tokens.Find(appToken);
        if (issued is null || !issued.Kinds.HasFlag(TokenKinds.App) || state.Clock.GetUtcNow() >= issued.Expires || state.App(issued.AppId) is not { } app)
        {
            throw new ApiRefusedException(200, 99991664, "invalid app token");
        }

        if (app.TenantKey != tenant) throw new ApiRefusedException(200, 10014, "app unauthorized");
        var (token, expire) = tokens.Tenant(app);
        return FeishuAnswer.Flat("success", new JsonObject { ["tenant_access_token"] = token, ["expire"] = expire });
    }

    private ApiAnswer ResendTicket(ApiRequest request)
    {
        events.AppTicket(KnownApp(request, AppKind.Store), tokens);
        return FeishuAnswer.Flat("ok", []);
    }

    private BotApp KnownApp(ApiRequest request, AppKind kind)
    {
        if (request.Text("app_id") is not { Length: > 0 } id || request.Text("app_secret") is not { Length: > 0 } secret) throw Missing();
        if (state.App(id) is not { } app) throw new ApiRefusedException(200, 10003, "invalid param");
        if (!Same(secret, app.AppSecret)) throw new ApiRefusedException(200, 10015, "wrong app secret");
        if (app.Kind != kind) throw new ApiRefusedException(200, 10014, "app unauthorized");
        return app;
    }

    private static bool Same(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static ApiRefusedException Missing() => new(200, 10003, "invalid param");
}

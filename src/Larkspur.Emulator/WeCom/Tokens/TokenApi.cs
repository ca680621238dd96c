using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Tokens;

/// <summary>Tokens, and the platform's own addresses.</summary>
internal sealed class TokenApi(EmulatorSettings settings, WeComTokens tokens, WeComLimits limits) : IWeComArea
{
    /// <summary>Wrong secrets of one address in a minute before it is shut out for an hour. The platform does not publish its number.</summary>
    private const int MostMisses = 60;

    public void Register(WeComHandlers on)
    {
        on.Get("/cgi-bin/gettoken", Token, WeComGuard.Own);
        on.Get("/cgi-bin/get_api_domain_ip", Addresses);
        on.Get("/cgi-bin/getcallbackip", Addresses);
    }

    private ApiAnswer Token(WeComCall call)
    {
        var misses = "gettoken/" + call.Remote;
        if (limits.Blocked(misses, WeComLimits.Minute)) throw WeComRefusal.TooFast("api freq out of limit: too many wrong secrets from this ip");
        if (call.Asked("corpid") is not { Length: > 0 } corp) throw new WeComRefusal(41002, "corpid missing");
        if (call.Asked("corpsecret") is not { Length: > 0 } secret) throw new WeComRefusal(41004, "corpsecret missing");
        if (corp != settings.WeCom.CorpId) throw new WeComRefusal(40013, "invalid corpid");
        try
        {
            var (token, seconds) = tokens.Issue(secret);
            return WeComAnswer.Ok(new JsonObject { ["access_token"] = token, ["expires_in"] = seconds });
        }
        catch (WeComRefusal)
        {
            limits.TryTake(misses, MostMisses, WeComLimits.Minute, WeComLimits.Hour);
            throw;
        }
    }

    private static ApiAnswer Addresses(WeComCall call) => WeComAnswer.Ok(new JsonObject { ["ip_list"] = new JsonArray("127.0.0.1", "127.0.0.*") });
}

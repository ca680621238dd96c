namespace Larkspur.DingTalk;

/// <summary>Which of DingTalk's hosts serves a call.</summary>
public enum DingTalkHost
{
    /// <summary><c>api.dingtalk.com</c>: new calls.</summary>
    Api,

    /// <summary><c>oapi.dingtalk.com</c>: old calls, group robots, session webhooks.</summary>
    Oapi,

    /// <summary><c>login.dingtalk.com</c>: the sign-in page.</summary>
    Login,
}

/// <summary>Base addresses, without a trailing slash.</summary>
public static class DingTalkHosts
{
    /// <summary>The address that serves a host for one app.</summary>
    public static string Resolve(DingTalkOptions options, DingTalkHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Uri? own, string name) = host switch
        {
            DingTalkHost.Api => (options.ApiUrl, "api"),
            DingTalkHost.Oapi => (options.OapiUrl, "oapi"),
            _ => (options.LoginUrl, "login"),
        };
        return (own ?? options.BaseUrl)?.AbsoluteUri.TrimEnd('/') ?? $"https://{name}.dingtalk.com";
    }
}

namespace Larkspur.WeCom;

/// <summary>Where an app's calls go.</summary>
internal static class WeComHosts
{
    private static readonly Uri Api = new("https://qyapi.weixin.qq.com");
    private static readonly Uri OAuth = new("https://open.weixin.qq.com");
    private static readonly Uri WebLogin = new("https://login.work.weixin.qq.com");
    private static readonly Uri Socket = new("wss://openws.work.weixin.qq.com");

    public static string ApiOf(Uri? baseUrl) => Text(baseUrl ?? Api);

    public static string OAuthOf(WeComOptions options) => Text(options.OAuthUrl ?? options.BaseUrl ?? OAuth);

    public static string WebLoginOf(WeComOptions options) => Text(options.WebLoginUrl ?? options.BaseUrl ?? WebLogin);

    /// <summary>A base address of one's own serves the socket too, at <c>/aibot/ws</c>.</summary>
    public static Uri SocketOf(Uri? socketUrl, Uri? baseUrl)
    {
        if (socketUrl is not null) return socketUrl;
        if (baseUrl is null) return Socket;
        return new UriBuilder(baseUrl) { Scheme = baseUrl.Scheme == "https" ? "wss" : "ws", Path = baseUrl.AbsolutePath.TrimEnd('/') + "/aibot/ws" }.Uri;
    }

    /// <summary>What an address has in it, a key or a code, does not travel in clear: https, or no further than this machine.</summary>
    public static bool KeepsSecrets(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static string Text(Uri address) => address.AbsoluteUri.TrimEnd('/');
}

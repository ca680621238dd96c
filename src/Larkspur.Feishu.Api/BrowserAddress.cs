using System.Text;

namespace Larkspur.Feishu.Api;

/// <summary>Addresses that a browser is sent to; the platform answers them with a page or a redirect, not with JSON.</summary>
internal static class BrowserAddress
{
    public static Uri Of(FeishuOptions options, FeishuRequest call)
    {
        var address = new StringBuilder(FeishuHosts.Resolve(options, call.Endpoint.Host)).Append(call.Endpoint.Path);
        foreach (var (name, value) in call.Path) address.Replace("{" + name + "}", Uri.EscapeDataString(value));
        var separator = '?';
        foreach (var (name, value) in call.Query)
        {
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return new Uri(address.ToString());
    }
}

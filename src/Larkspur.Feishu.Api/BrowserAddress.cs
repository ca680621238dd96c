using System.Text;

namespace Larkspur.Feishu.Api;

/// <summary>Addresses that a browser is sent to; the platform answers them with a page or a redirect, not with JSON.</summary>
internal static class BrowserAddress
{
    public static Uri Of(FeishuOptions options, FeishuRequest call)
    {
        var address = new StringBuilder(Base(options, call.Endpoint.Host).GetLeftPart(UriPartial.Path).TrimEnd('/')).Append(call.Endpoint.Path);
        foreach (var (name, value) in call.Path) address.Replace("{" + name + "}", Uri.EscapeDataString(value));
        var separator = '?';
        foreach (var (name, value) in call.Query)
        {
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return new Uri(address.ToString());
    }

    private static Uri Base(FeishuOptions options, FeishuHost host)
    {
        var domain = options.Brand == FeishuBrand.Lark ? "larksuite.com" : "feishu.cn";
        return host switch
        {
            FeishuHost.Accounts => options.AccountsUrl ?? options.BaseUrl ?? new Uri("https://accounts." + domain),
            FeishuHost.Passport => options.PassportUrl ?? options.BaseUrl ?? new Uri("https://passport." + domain),
            FeishuHost.Approval => options.ApprovalUrl ?? options.BaseUrl ?? new Uri("https://www." + domain),
            _ => options.BaseUrl ?? new Uri("https://open." + domain),
        };
    }
}

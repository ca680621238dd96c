namespace Larkspur.Feishu;

/// <summary>Base addresses, without a trailing slash.</summary>
public static class FeishuHosts
{
    /// <summary>The address that serves a host for one app: its own when set, else the brand's.</summary>
    public static string Resolve(FeishuOptions options, FeishuHost host)
    {
        Uri? own = host switch
        {
            FeishuHost.Accounts => options.AccountsUrl ?? options.BaseUrl,
            FeishuHost.Passport => options.PassportUrl ?? options.BaseUrl,
            FeishuHost.Approval => options.ApprovalUrl ?? options.BaseUrl,
            _ => options.BaseUrl,
        };
        if (own is not null) return own.AbsoluteUri.TrimEnd('/');

        string name = host switch
        {
            FeishuHost.Accounts => "accounts",
            FeishuHost.Passport => "passport",
            FeishuHost.Approval => "www",
            _ => "open",
        };
        return $"https://{name}.{(options.Brand == FeishuBrand.Lark ? "larksuite.com" : "feishu.cn")}";
    }
}

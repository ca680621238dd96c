namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>Issuers of Microsoft Entra ID, in its clouds.</summary>
internal static class EntraIssuer
{
    /// <summary>Stands in the issuer of a document that is for many tenants.</summary>
    public const string Tenant = "{tenantid}";

    private static readonly string[] Hosts =
    [
        "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
        "sts.windows.net", "sts.chinacloudapi.cn",
    ];

    /// <summary>Addresses in the place of a tenant: all of them, those of companies.</summary>
    private static readonly string[] Many = ["common", "organizations"];

    public static bool IsOne(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && Hosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase);

    /// <summary>It names no tenant: <c>https://login.microsoftonline.com/organizations/v2.0</c>.</summary>
    public static bool IsOfMany(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Segments is ["/", var first, ..]
            && Many.Contains(first.TrimEnd('/'), StringComparer.Ordinal);

    /// <summary>What the document of such an issuer says in its place.</summary>
    public static string TemplateOf(string issuer)
    {
        var word = Array.Find(Many, many => issuer.Contains($"/{many}/", StringComparison.Ordinal)) ?? Many[0];
        var at = issuer.IndexOf($"/{word}/", StringComparison.Ordinal);
        return at < 0 ? issuer : $"{issuer[..at]}/{Tenant}/{issuer[(at + word.Length + 2)..]}";
    }

    /// <summary>The issuer of one tenant.</summary>
    public static string Of(string template, string tenant) => template.Replace(Tenant, tenant, StringComparison.Ordinal);
}

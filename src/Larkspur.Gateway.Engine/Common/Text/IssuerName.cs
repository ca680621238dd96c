namespace Larkspur.Gateway.Common.Text;

/// <summary>
/// Names of systems that say who somebody is on the web. They are compared exactly, so there is one way only to write each.
/// </summary>
internal static class IssuerName
{
    public const int Longest = 200;

    /// <summary>What an issuer may look like, for refusals.</summary>
    public const string Rule = "An issuer has up to 200 visible ASCII characters, without blanks and without ; , \" < > \\. "
        + "As an address it is http(s):// in its shortest form: host in lower case, no user, default port, query or fragment, no slash at the end.";

    // Separators of the setting that lists issuers, and what would leave quotation marks where an issuer is shown.
    private const string Refused = ";,\"<>\\";

    /// <summary>It is written in the one way that is taken.</summary>
    public static bool IsSound(string text)
    {
        if (text.Length is 0 or > Longest || text[^1] == '/') return false;
        if (text.Any(c => c is <= ' ' or >= '\u007f' || Refused.Contains(c, StringComparison.Ordinal))) return false;
        if (!text.Contains("://", StringComparison.Ordinal)) return true;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && uri is { UserInfo: "", Query: "", Fragment: "" } && uri.GetLeftPart(UriPartial.Path).TrimEnd('/') == text;
    }
}

using System.Net;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.People.OpenId.Clients;

/// <summary>Where clients may have browsers sent to.</summary>
internal static partial class RedirectAddresses
{
    public const int Longest = 1000;

    /// <summary>What is wrong with an address; null: it can be registered.</summary>
    /// <param name="text">As it was sent.</param>
    /// <param name="isPublic">The client has no secret: http only on the person's own machine, and schemes of programs are taken.</param>
    public static string? Problem(string text, bool isPublic)
    {
        if (text.Length is 0 or > Longest) return $"An address has 1 to {Longest} characters.";
        if (text.Any(c => c is <= ' ' or >= '\u007f' or '\\' or '"' or '<' or '>' or '*'))
            return "It has characters that no address has. There are no wildcards; other letters are written as %XX.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
            return "This is no address: it looks like https://example.com/callback.";
        if (text.Contains('#', StringComparison.Ordinal)) return "It has a fragment (#): an answer could not come behind it.";
        if (address.UserInfo.Length > 0) return "It has a user name in it.";
        if (address.AbsolutePath.Split('/').Any(step => step is "." or "..") || text.Contains("/../", StringComparison.Ordinal)
            || text.Contains("/./", StringComparison.Ordinal)) return "It has steps of dots.";
        switch (address.Scheme)
        {
            case "https":
                return address.Host.Length == 0 ? "It has no host." : null;
            case "http" when address.Host.Length == 0:
                return "It has no host.";
            case "http":
                return !isPublic || IsOwnMachine(address) ? null
                    : "A public client takes http only on the person's own machine (127.0.0.1, [::1], localhost): it must be https.";
            default:
                return isPublic && address.Scheme.Contains('.', StringComparison.Ordinal) ? null
                    : "It must be https. A scheme of a program's own (com.example.app:/callback) is for public clients, and has a dot.";
        }
    }

    /// <summary>A registered address is meant: letter by letter; only on the machine's own address the port may be another (RFC 8252,
    /// section 7.3).</summary>
    public static bool Match(IReadOnlyList<string> registered, string asked)
    {
        if (registered.Contains(asked, StringComparer.Ordinal)) return true;
        if (asked.Length > Longest || Loopback().Match(asked) is not { Success: true } there || !IsPort(there)) return false;
        return registered.Any(r => Loopback().Match(r) is { Success: true } known
            && known.Groups["host"].Value == there.Groups["host"].Value && known.Groups["rest"].Value == there.Groups["rest"].Value);
    }

    private static bool IsPort(Match there) =>
        !there.Groups["port"].Success || int.Parse(there.Groups["port"].ValueSpan) is > 0 and <= ushort.MaxValue;

    private static bool IsOwnMachine(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    [GeneratedRegex(@"^http://(?<host>127\.0\.0\.1|\[::1\])(:(?<port>[0-9]{1,5}))?(?<rest>([/?][!-~]*)?)\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Loopback();
}

using System.Buffers;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Redaction;

/// <summary>
/// Secrets that are known by their form: tokens that a platform has just given, keys that somebody pasted, passwords in addresses.
/// </summary>
internal static partial class SecretShapes
{
    /// <summary>In place of a text that could not be searched in time.</summary>
    public const string Withheld = "[text withheld: it could not be searched for secrets in time]";

    /// <summary>
    /// The expressions take time in proportion to the text, which has a bound; a process that waits for a busy machine is not to be told that
    /// its own words are withheld.
    /// </summary>
    private const int Milliseconds = 10_000;

    /// <summary>Without one of these there is nothing to find; most lines of a log have none.</summary>
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["token", "secret", "passw", "pwd", "ticket", "signature", "key", "sign=", "sig=", "code=", "auth=", "session=", "credential", "bearer", "authorization",
            "cookie", "whsec_", "lk_", "lw_", "sk-", "app-",
            "eyJ", "://", "t-", "u-", "a-", "ur-", "larkspur"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>The text without them; the same object when there is none.</summary>
    public static string Hide(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks)) return text;
        try
        {
            var named = Named().Replace(text, Shown);
            return Formed().Replace(named, Shown);
        }
        catch (RegexMatchTimeoutException)
        {
            return Withheld;
        }
    }

    /// <summary>What says that a secret stood here stays.</summary>
    private static string Shown(Match match) => match.Value.EndsWith(SecretRegistry.Hidden, StringComparison.Ordinal) ? match.Value
        : match.Groups["keep"].Value + SecretRegistry.Hidden + match.Groups["end"].Value;

    // By the name before it: access_token=…, "app_secret":"…" (also within JSON in JSON), Password=…;, ?key=…, Cookie: …
    [GeneratedRegex("""
        (?<keep>(?:token|secret|passw(?:or)?d|pwd|ticket|signature|api[_-]?key|aes[_-]?key|encrypt[_-]?key|master[_-]?key|private[_-]?key|credential)s?(?:=|\\{0,3}["']\s?[:=]\s?)\\{0,3}["']?)(?:[^\s&;,"'<>\\()\[\]{}]{4,})
        |(?<keep>[?&](?:key|sign|sig|code|auth|session|response_code)=)[^\s&"'<>\\]{4,}
        |(?<keep>(?<![A-Za-z0-9_])(?:key|sign)=)[A-Za-z0-9%+/_=-]{16,}
        |(?<keep>(?<![A-Za-z0-9_])bearer\s{1,8})[^\s"'<>\\]{8,}
        |(?<keep>authorization\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["']?[a-z0-9]{0,20}\s{0,4})[^\s"'<>\\,]{6,}
        |(?<keep>(?<![A-Za-z0-9_-])(?:set-)?cookie:\s{0,8})[^\r\n]{1,4096}
        |(?<keep>(?<![A-Za-z0-9_])(?:__host-)?larkspur[_.-][a-z_.-]{0,40}=)[^\s;,"'<>]{16,}
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Named();

    // By its own form: our keys (lk_ and seven characters is what may be shown of one), OpenAI's and Dify's, Feishu's tokens, JWTs;
    // user:password@ in addresses.
    [GeneratedRegex("""
        (?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=_-]{8,}
        |(?<![A-Za-z0-9])l[kw]_[A-Za-z0-9_-]{20,}
        |(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}
        |(?<![A-Za-z0-9-])app-[A-Za-z0-9]{16,}
        |(?<![A-Za-z0-9_-])(?:t|u|a|ur)-[A-Za-z0-9_.-]{20,}
        |(?<![A-Za-z0-9])eyJ[A-Za-z0-9_.-]{16,}
        |(?<keep>://)[^\s/?\#@:"'<>\\]{0,200}:[^\s/@"'<>\\]{1,400}(?<end>@)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Formed();
}

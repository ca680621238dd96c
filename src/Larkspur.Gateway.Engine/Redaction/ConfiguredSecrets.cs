using System.Globalization;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Redaction;

/// <summary>
/// The secrets of the configuration: the environment, <c>larkspur.json</c>, secret files. They are known by their names, so that a
/// setting which is added tomorrow is known too:
/// a new secret needs a name that says what it is (<c>…_SECRET</c>, <c>…Token</c>, <c>…KEY</c>, <c>…Password</c>), and nothing else.
/// </summary>
internal static class ConfiguredSecrets
{
    /// <summary>By the name of a source in <see cref="SecretRegistry"/>.</summary>
    public const string Source = "configuration";

    /// <summary>A value of somebody else's environment is no word of ours; ours may be shorter.</summary>
    private const int LeastOfOthers = 8;

    /// <summary>
    /// A part of an address that is longer is taken for a secret: group robots and business systems have them in their addresses.
    /// </summary>
    private const int LeastInAddress = 16;

    private static readonly string[] Within = ["SECRET", "PASSWORD", "PASSWD", "TOKEN", "CREDENTIAL"];
    private static readonly string[] AtEnd = ["KEY", "KEYPREVIOUS", "PREVIOUSKEY", "PWD", "HEADERS"];
    private static readonly string[] NotAtEnd = ["FILE", "FOLDER", "PATH", "LIFETIME", "TIMEOUT", "URL", "NAME", "COUNT", "LENGTH"];
    private static readonly string[] Ours = ["LARKSPUR", "FEISHU", "WECOM", "DINGTALK", "DIFY", "OTEL"];

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Of(IConfiguration configuration)
    {
        foreach (var (key, text) in configuration.AsEnumerable())
        {
            if (text?.Trim() is not { Length: >= KnownSecrets.ShortestSecret } value) continue;
            if (IsSecret(key))
            {
                // Of others' variables: PWD is no password, and what begins with a slash is a file.
                if (!IsOurs(key) && (value.Length < LeastOfOthers || Path.IsPathRooted(value))) continue;
                if (IsPlain(value)) continue;
                yield return value;
                if (Last(key).EndsWith("HEADERS", StringComparison.Ordinal)) foreach (var header in Headers(value)) yield return header;
            }
            else if (IsOurs(key) && IsAddress(value, out var address))
            {
                foreach (var part in OfAddress(address)) yield return part;
            }
        }

        if (configuration["LARKSPUR_DB"] is { Length: > 0 } database && PostgresAddress.Looks(database)
            && PostgresAddress.Problem(database) is null
            && PostgresAddress.Password(database) is { Length: > 0 } password) yield return password;
    }

    /// <summary>Whether a setting of this name holds a secret.</summary>
    public static bool IsSecret(string key)
    {
        var last = Last(key);
        return !NotAtEnd.Any(w => last.EndsWith(w, StringComparison.Ordinal))
            && (Within.Any(w => last.Contains(w, StringComparison.Ordinal)) || AtEnd.Any(w => last.EndsWith(w, StringComparison.Ordinal)));
    }

    /// <summary>What is secret in an address: the password, and the long parts of path and query.</summary>
    public static IEnumerable<string> OfAddress(Uri address)
    {
        if (address.UserInfo.Split(':', 2) is [_, { Length: > 0 } password]) yield return Uri.UnescapeDataString(password);
        foreach (var part in address.PathAndQuery.Split(['/', '?', '&', '='], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Length >= LeastInAddress) yield return Uri.UnescapeDataString(part);
        }
    }

    /// <summary>
    /// What is secret in an address that the holder of a key has given: the whole of it, none of its parts and not its beginning
    /// (<see cref="KnownSecret.OnlyWhole"/>). A part could be any word, and would be hidden from the log, the audit log and everybody else's errors.
    /// </summary>
    public static IEnumerable<string> OfGivenAddress(Uri address)
    {
        if (address.UserInfo.Contains(':', StringComparison.Ordinal)) yield return address.UserInfo + "@" + address.Authority;
        if (address.PathAndQuery.Length > LeastInAddress) yield return address.Authority + address.PathAndQuery;
    }

    private static bool IsAddress(string value, out Uri address) =>
        Uri.TryCreate(value, UriKind.Absolute, out address!) && address.Scheme is "http" or "https" or "ws" or "wss";

    /// <summary>
    /// The last part of a name, in capitals and without dashes: <c>Larkspur:Webhooks:erp:PreviousSecret</c> is <c>PREVIOUSSECRET</c>.
    /// </summary>
    private static string Last(string key) => key[(key.LastIndexOf(':') + 1)..]
        .Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static bool IsOurs(string key) => Ours.Any(o => key.StartsWith(o, StringComparison.OrdinalIgnoreCase));

    /// <summary>A number, a time or a flag: its name only sounds like a secret's.</summary>
    private static bool IsPlain(string value) => bool.TryParse(value, out _)
        || (value.Length < LeastOfOthers && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        || (value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _));

    /// <summary><c>authorization=Bearer abc,x-key=def</c>: each value, and the word behind the scheme.</summary>
    private static IEnumerable<string> Headers(string value)
    {
        foreach (var pair in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is not [_, { Length: > 0 } header]) continue;
            var plain = Uri.UnescapeDataString(header);
            yield return plain;
            if (plain.LastIndexOf(' ') is > 0 and var space) yield return plain[(space + 1)..];
        }
    }
}

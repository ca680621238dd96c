using System.Collections.Frozen;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.Identities;

/// <summary>
/// Which issuers of the web are believed about mail addresses of which domains. A directory's address counts by itself; a web account's is
/// what its issuer says, and decides nothing (permission rules, routes, linking) unless the issuer is trusted for its domain. Judged when it
/// is asked for: a change of the setting counts at once, also for accounts that are known.
/// </summary>
internal sealed class TrustedIssuers(ISettings settings)
{
    public const string Setting = "web_chat.trusted_issuers";

    private const int LongestSetting = 4000;
    private const int LongestDomain = 253;

    private volatile Read _read = new("", FrozenDictionary<string, FrozenSet<string>>.Empty);

    public static SettingDefinition Definition { get; } = new(Setting, SettingKind.Text)
    {
        Longest = LongestSetting, Title = IdentityTexts.TrustedIssuersWebChat,
        Help = IdentityTexts.IssuerAndMailDomainsItIs,
        Problem = text => Parse(text) is not null ? null : IdentityTexts.WriteIssuerDomainDomain,
    };

    /// <summary>Rules and routes may go by this address.</summary>
    /// <param name="account">The ids of the account that it was told of.</param>
    /// <param name="email">The address, in lower case.</param>
    public bool Counts(IReadOnlyList<PlatformIdentity> account, string email) =>
        !account.Any(i => i.Platform == PlatformIdentity.Web) || IsBelieved(account, email);

    /// <summary>Issuers that are believed about an address.</summary>
    public IReadOnlyList<string> Of(string email) =>
        [.. Now.Where(i => i.Value.Contains(DomainOf(email))).Select(i => i.Key)];

    /// <summary>The person with the addresses that count.</summary>
    /// <param name="person">As the tables have them: with the directories' addresses alone.</param>
    public KnownPerson Judge(KnownPerson person)
    {
        if (!person.Accounts.Any(a => a.IsClaim && IsBelieved(a.Ids, a.Email!))) return person;
        KnownAccount[] accounts = [.. person.Accounts.Select(a => a.IsClaim && IsBelieved(a.Ids, a.Email!) ? a with { IsClaim = false } : a)];
        var believed = accounts.Where(a => a is { Email: not null, IsClaim: false }).Select(a => a.Email!).Distinct(StringComparer.Ordinal)
            .Where(e => !person.Ids.Contains(PlatformIdentity.OfEmail(e))).ToArray();
        return person with
        {
            Accounts = accounts, Email = person.Email ?? believed.FirstOrDefault(), Ids = [.. person.Ids, .. believed.Select(PlatformIdentity.OfEmail)],
        };
    }

    /// <summary>Domains by issuer; null: the text says none.</summary>
    internal static FrozenDictionary<string, FrozenSet<string>>? Parse(string text)
    {
        var all = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var issuer, .. { Length: > 0 } domains]) return null;
            if (!IssuerName.IsSound(issuer) || !Array.TrueForAll(domains, IsDomain)) return null;
            if (!all.TryAdd(issuer, domains.ToFrozenSet(StringComparer.Ordinal))) return null;
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private bool IsBelieved(IReadOnlyList<PlatformIdentity> account, string email) =>
        account.Any(i => i.Platform == PlatformIdentity.Web && Now.TryGetValue(i.Scope, out var domains) && domains.Contains(DomainOf(email)));

    private static string DomainOf(string email) => email[(email.LastIndexOf('@') + 1)..];

    private FrozenDictionary<string, FrozenSet<string>> Now
    {
        get
        {
            var text = settings.Now.Text(Setting) ?? "";
            if (_read is { } known && known.Text == text) return known.Domains;
            // A text that cannot be read was not taken as a setting: nobody is trusted by it.
            var domains = Parse(text) ?? FrozenDictionary<string, FrozenSet<string>>.Empty;
            _read = new Read(text, domains);
            return domains;
        }
    }

    /// <summary>In lower case, as addresses are compared; a subdomain is a domain of its own.</summary>
    private static bool IsDomain(string text) => text.Length <= LongestDomain && text[0] is not ('.' or '-') && text[^1] is not ('.' or '-')
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && !text.Contains("..", StringComparison.Ordinal);

    private sealed record Read(string Text, FrozenDictionary<string, FrozenSet<string>> Domains);
}

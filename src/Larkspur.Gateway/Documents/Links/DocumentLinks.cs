using System.Text.RegularExpressions;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Documents.Links;

/// <summary>Finds links to documents in what somebody wrote. The address is never called: only the token in it counts.</summary>
internal sealed partial class DocumentLinks(DocumentOptions options, FeishuApps apps)
{
    private const int Most = 5;

    /// <summary>Beyond it nobody looks: a message is shorter.</summary>
    private const int MostCharacters = 200_000;

    /// <summary>Hosts of the platform; each tenant has a subdomain.</summary>
    private static readonly string[] Known = ["feishu.cn", "larksuite.com", "larkoffice.com"];

    /// <summary>The links, each once, at most five.</summary>
    public IReadOnlyList<DocumentLink> Find(string text)
    {
        List<DocumentLink> found = [];
        for (var match = Link().Match(text, 0, Math.Min(text.Length, MostCharacters)); match.Success && found.Count < Most; match = match.NextMatch())
        {
            if (!IsKnown(match.Groups["host"].Value, match.Groups["port"].Value)) continue;
            var kind = match.Groups["kind"].Value.Equals("wiki", StringComparison.OrdinalIgnoreCase) ? DocumentKind.Wiki : DocumentKind.Docx;
            var token = match.Groups["token"].Value;
            if (!found.Exists(l => l.Kind == kind && l.Token == token)) found.Add(new DocumentLink(kind, token, match.Value));
        }

        return found;
    }

    private bool IsKnown(string host, string port)
    {
        if (port is "" or ":443" && Known.Any(known => host.Equals(known, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + known, StringComparison.OrdinalIgnoreCase))) return true;
        var authority = host + port;
        return options.Hosts.Any(h => h.Equals(authority, StringComparison.OrdinalIgnoreCase))
            || apps.All.Any(a => a.Client.Options.BaseUrl is { } address && address.Authority.Equals(authority, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What follows a token is anything but one more letter or digit: Chinese text, a bracket, a quote, a query.</summary>
    [GeneratedRegex("https?://(?<host>[a-z0-9](?:[a-z0-9.-]{0,252}))(?<port>(?::[0-9]{1,5})?)/(?<kind>docx|wiki)/(?<token>[a-z0-9]{16,64})(?![a-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}

using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Destinations from <c>Larkspur:Callbacks:{name}:…</c>. A problem never repeats a secret, nor an address: its path may be one.</summary>
internal static partial class DestinationSettings
{
    private const string Root = "Larkspur:Callbacks";
    private const int LongestUrl = 2000;
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(2);
    private static readonly FrozenSet<string> Known =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Url", "Secret", "PreviousSecret", "Events", "AllowPrivateAddresses", "Timeout");

    public static IReadOnlyList<Destination> Read(IConfiguration configuration, List<string> problems)
    {
        var destinations = new List<Destination>();
        foreach (var section in configuration.GetSection(Root).GetChildren())
        {
            if (!Name().IsMatch(section.Key))
            {
                problems.Add($"{section.Path}: a destination's name has lower-case letters, digits and '-', at most 40");
                continue;
            }

            foreach (var unknown in section.GetChildren().Where(c => !Known.Contains(c.Key)))
                problems.Add($"{unknown.Path}: unknown. A destination has {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
            if (ReadOne(section, problems) is { } destination) destinations.Add(destination);
        }

        return destinations;
    }

    private static Destination? ReadOne(IConfigurationSection section, List<string> problems)
    {
        var before = problems.Count;
        var allowPrivate = Flag(section, "AllowPrivateAddresses", problems);
        var url = Address(section, allowPrivate, problems);
        var secret = Secret(section, "Secret", problems);
        var previous = string.IsNullOrEmpty(section["PreviousSecret"]) ? null : Secret(section, "PreviousSecret", problems);
        var events = Events(section, problems);
        var timeout = Timeout(section, problems);
        return problems.Count > before ? null : new Destination
        {
            Name = section.Key, Url = url!, Secret = secret!, PreviousSecret = previous, Events = events, AllowPrivateAddresses = allowPrivate, Timeout = timeout,
        };
    }

    private static Uri? Address(IConfigurationSection section, bool allowPrivate, List<string> problems)
    {
        var problem = section["Url"] switch
        {
            null or "" => "missing. It is where the callbacks are posted to",
            { Length: > LongestUrl } => $"longer than {LongestUrl} characters",
            var text when !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0 => "is not an https address",
            var text => Problem(new Uri(text.Trim()), allowPrivate),
        };
        if (problem is null) return new Uri(section["Url"]!.Trim());
        problems.Add($"{section.Path}:Url: {problem}");
        return null;
    }

    /// <summary>What is already known to be wrong; names are resolved and judged at each connection.</summary>
    private static string? Problem(Uri url, bool allowPrivate)
    {
        if (url.UserInfo.Length > 0) return "has a user name or password in it. Callbacks are signed instead; take it out";
        if (url.Fragment.Length > 0) return "has a fragment (#…), which is never sent";
        var reach = IPAddress.TryParse(url.IdnHost, out var literal) ? AddressRules.ReachOf(literal)
            : url.IdnHost is "localhost" || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? AddressReach.Private
            : (AddressReach?)null;
        if (reach == AddressReach.Never) return "is an address that no business system has (link-local, metadata service, multicast, reserved)";
        if (reach == AddressReach.Private && !allowPrivate) return "is a private address. If it is meant, set AllowPrivateAddresses to true";
        return url.Scheme == "http" && !allowPrivate ? "must be https. Only with AllowPrivateAddresses, inside your own network, http is taken" : null;
    }

    private static WebhookSecret? Secret(IConfigurationSection section, string key, List<string> problems)
    {
        if (WebhookSecret.TryParse(section[key]?.Trim(), out var secret)) return secret;
        problems.Add($"{section.Path}:{key}: must be {WebhookSecret.Prefix} followed by the base64 of {WebhookSecret.LeastBytes} to {WebhookSecret.MostBytes} random bytes. "
            + "Try: echo whsec_$(openssl rand -base64 32)");
        return null;
    }

    private static FrozenSet<string> Events(IConfigurationSection section, List<string> problems)
    {
        // A list in a file, one text with commas in an environment variable.
        var list = section.GetSection("Events");
        string[] types = [.. list.GetChildren().Select(c => c.Value ?? ""), .. (list.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        foreach (var type in types.Where(t => !EventType().IsMatch(t.Trim())))
            problems.Add($"{section.Path}:Events: \"{type.Trim()}\" is not an event type. Write it like im.message.receive_v1, or * for all");
        return types.Select(t => t.Trim()).ToFrozenSet(StringComparer.Ordinal);
    }

    private static bool Flag(IConfigurationSection section, string key, List<string> problems)
    {
        if (string.IsNullOrEmpty(section[key])) return false;
        if (bool.TryParse(section[key], out var flag)) return flag;
        problems.Add($"{section.Path}:{key}: must be true or false");
        return false;
    }

    private static TimeSpan Timeout(IConfigurationSection section, List<string> problems)
    {
        if (string.IsNullOrEmpty(section["Timeout"])) return TimeSpan.FromSeconds(15);
        if (TimeSpan.TryParse(section["Timeout"], CultureInfo.InvariantCulture, out var timeout) && timeout >= LeastTimeout && timeout <= MostTimeout) return timeout;
        problems.Add($"{section.Path}:Timeout: must be a time from {LeastTimeout} to {MostTimeout}");
        return TimeSpan.FromSeconds(15);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^(\\*|[A-Za-z0-9_.-]{1,100})\\z")]
    private static partial Regex EventType();
}

using System.Collections.Frozen;
using System.Globalization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Secrets;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Webhook endpoints from <c>Larkspur:Webhooks:{name}:…</c>. A problem never repeats a secret, nor an address: its path may be one.</summary>
internal static class WebhookEndpointSettings
{
    private const string Root = "Larkspur:Webhooks";
    private static readonly FrozenSet<string> Known =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Url", "Secret", "PreviousSecret", "Events", "AllowPrivateAddresses", "Timeout", "System");

    public static IReadOnlyList<WebhookEndpoint> Read(IConfiguration configuration, List<string> problems)
    {
        var webhooks = new List<WebhookEndpoint>();
        foreach (var section in configuration.GetSection(Root).GetChildren())
        {
            if (!WebhookEndpointRules.IsName(section.Key))
            {
                problems.Add($"{section.Path}: a webhook's name has lower-case letters, digits and '-', at most 40");
                continue;
            }

            foreach (var unknown in section.GetChildren().Where(c => !Known.Contains(c.Key) && SecretNames.OfFile(c.Path) is null))
                problems.Add($"{unknown.Path}: unknown. A webhook has {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
            if (ReadOne(section, problems) is { } webhook) webhooks.Add(webhook);
        }

        return webhooks;
    }

    private static WebhookEndpoint? ReadOne(IConfigurationSection section, List<string> problems)
    {
        var before = problems.Count;
        var allowPrivate = Flag(section, "AllowPrivateAddresses", problems);
        var url = Address(section, allowPrivate, problems);
        var secret = Secret(section, "Secret", problems);
        var previous = string.IsNullOrEmpty(section["PreviousSecret"]) ? null : Secret(section, "PreviousSecret", problems);
        var events = Events(section, problems);
        var timeout = Timeout(section, problems);
        var system = System(section, problems);
        return problems.Count > before ? null : new WebhookEndpoint
        {
            Name = section.Key, Url = url!, Secret = secret!, PreviousSecret = previous, Events = events, AllowPrivateAddresses = allowPrivate, Timeout = timeout, Owner = system,
        };
    }

    private static Uri? Address(IConfigurationSection section, bool allowPrivate, List<string> problems)
    {
        var (url, problem) = WebhookEndpointRules.Address(section["Url"], allowPrivate ? PrivateReach.All : PrivateReach.None, "set AllowPrivateAddresses to true");
        if (problem is not null) problems.Add($"{section.Path}:Url: {problem}");
        return url;
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
        foreach (var type in types.Select(t => t.Trim()))
            if (EventTypes.ProblemOf(type) is { } problem)
                problems.Add($"{section.Path}:Events: \"{type}\" is not an event type. {problem.TrimEnd('.')}");
        return types.Select(t => t.Trim()).ToFrozenSet(StringComparer.Ordinal);
    }

    private static bool Flag(IConfigurationSection section, string key, List<string> problems)
    {
        if (string.IsNullOrEmpty(section[key])) return false;
        if (bool.TryParse(section[key], out var flag)) return flag;
        problems.Add($"{section.Path}:{key}: must be true or false");
        return false;
    }

    /// <summary>The system whose keys' things it hears of; empty: all.</summary>
    private static string System(IConfigurationSection section, List<string> problems)
    {
        var system = section["System"]?.Trim() ?? "";
        if (system.Length > KeyReach.LongestSystem || system.Any(char.IsControl)) problems.Add($"{section.Path}:System: a system's name has up to {KeyReach.LongestSystem} characters");
        return system;
    }

    private static TimeSpan Timeout(IConfigurationSection section, List<string> problems)
    {
        if (string.IsNullOrEmpty(section["Timeout"])) return TimeSpan.FromSeconds(15);
        if (TimeSpan.TryParse(section["Timeout"], CultureInfo.InvariantCulture, out var timeout) && WebhookEndpointRules.IsTimeout(timeout)) return timeout;
        problems.Add($"{section.Path}:Timeout: must be a time from {WebhookEndpointRules.LeastTimeout} to {WebhookEndpointRules.MostTimeout}");
        return TimeSpan.FromSeconds(15);
    }
}

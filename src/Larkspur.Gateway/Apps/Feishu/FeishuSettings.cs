using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.Feishu;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Feishu apps from <c>FEISHU_…</c> (the default app) and <c>Feishu:Apps:{name}:…</c> (any number).</summary>
internal static partial class FeishuSettings
{
    private const string Default = AppNames.Default;

    /// <summary>The apps, and how each gets its events.</summary>
    public static (IReadOnlyDictionary<string, FeishuOptions> Apps, IReadOnlyDictionary<string, EventMode> Modes) Read(IConfiguration configuration, List<string> problems)
    {
        var apps = new Dictionary<string, FeishuOptions>(StringComparer.Ordinal);
        var modes = new Dictionary<string, EventMode>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("Feishu:Apps").GetChildren())
        {
            if (AppName().IsMatch(section.Key)) (apps[section.Key], modes[section.Key]) = ReadApp(key => (section[key], $"{section.Path}:{key}"), problems);
            else problems.Add($"{section.Path}: an app's name is part of an address; use lower-case letters, digits and '-', at most 40");
        }

        if (configuration.AsEnumerable().Any(pair => DefaultKeys.Contains(pair.Key) && !string.IsNullOrEmpty(pair.Value)))
        {
            // The environment comes first: it replaces a configured app of the same name as a whole.
            (apps[Default], modes[Default]) = ReadApp(key => (configuration[Variable(key)], Variable(key)), problems);
        }

        foreach (var same in apps.Where(a => a.Value.AppId.Length > 0).GroupBy(a => a.Value.AppId).Where(g => g.Count() > 1))
            problems.Add($"Feishu apps {string.Join(" and ", same.Select(a => a.Key))} have the same app id {same.Key}; configure it once");
        return (apps, modes);
    }

    /// <summary>What the environment says of an app that it does not name: hosts and rates.</summary>
    public static FeishuOptions ReadHosts(IConfiguration configuration, List<string> problems)
    {
        var read = new Values(key => (configuration[Variable(key)], Variable(key)), problems);
        return new FeishuOptions { BaseUrl = read.Address("BaseUrl"), AccountsUrl = read.Address("AccountsUrl"), RateFactor = read.Factor("RateFactor") ?? 1, MinuteRateFactor = read.Factor("MinuteRateFactor") };
    }

    private static readonly HashSet<string> DefaultKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "FEISHU_APP_ID", "FEISHU_APP_SECRET", "FEISHU_ENCRYPT_KEY", "FEISHU_VERIFICATION_TOKEN",
    };

    private static string Variable(string key) => key switch
    {
        "AppId" => "FEISHU_APP_ID",
        "AppSecret" => "FEISHU_APP_SECRET",
        "EncryptKey" => "FEISHU_ENCRYPT_KEY",
        "VerificationToken" => "FEISHU_VERIFICATION_TOKEN",
        "BaseUrl" => "FEISHU_BASE_URL",
        "AccountsUrl" => "FEISHU_ACCOUNTS_URL",
        "Brand" => "FEISHU_BRAND",
        "RateFactor" => "FEISHU_RATE_FACTOR",
        "MinuteRateFactor" => "FEISHU_MINUTE_RATE_FACTOR",
        "EventMode" => "FEISHU_EVENT_MODE",
        _ => "FEISHU_APP_KIND",
    };

    private static (FeishuOptions Options, EventMode Mode) ReadApp(Func<string, (string? Value, string Name)> setting, List<string> problems)
    {
        var read = new Values(setting, problems);
        var options = new FeishuOptions
        {
            AppId = read.Required("AppId"),
            AppSecret = read.Required("AppSecret"),
            EncryptKey = read.Optional("EncryptKey"),
            VerificationToken = read.Optional("VerificationToken"),
            BaseUrl = read.Address("BaseUrl"),
            AccountsUrl = read.Address("AccountsUrl"),
            Brand = read.OneOf("Brand", FeishuBrand.Feishu),
            Kind = read.OneOf("Kind", FeishuAppKind.SelfBuilt),
            RateFactor = read.Factor("RateFactor") ?? 1,
            MinuteRateFactor = read.Factor("MinuteRateFactor"),
        };
        var mode = read.Mode();
        if (mode == EventMode.LongConnection && options.Kind == FeishuAppKind.Store)
            problems.Add($"{setting("EventMode").Name}: store apps have no long connection; set webhook");
        if (mode == EventMode.Webhook && options.EncryptKey is null && options.VerificationToken is null)
        {
            problems.Add($"{setting("EncryptKey").Name} or {setting("VerificationToken").Name}: set at least one, else nobody can tell Feishu's events from forged ones. "
                + "Both stand in the developer console under Events & Callbacks, Encryption Strategy. "
                + $"Without a public address set {setting("EventMode").Name} to long_connection; then neither is needed");
        }

        return (options, mode);
    }

    /// <summary>One app's values; what is wrong with them is noted under the setting's name.</summary>
    private sealed class Values(Func<string, (string? Value, string Name)> setting, List<string> problems)
    {
        public string? Optional(string key) => setting(key).Value is { Length: > 0 } value ? value.Trim() : null;

        public string Required(string key)
        {
            if (Optional(key) is { } value) return value;
            problems.Add($"{setting(key).Name}: missing. It stands in the developer console under Credentials & Basic Info");
            return "";
        }

        public Uri? Address(string key)
        {
            if (Optional(key) is not { } value) return null;
            if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
            problems.Add($"{setting(key).Name}: \"{value}\" is not an http address");
            return null;
        }

        public double? Factor(string key)
        {
            if (Optional(key) is not { } value) return null;
            if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is >= 0.01 and <= 100) return factor;
            problems.Add($"{setting(key).Name}: \"{value}\" is not a number between 0.01 and 100, like 0.5");
            return null;
        }

        public EventMode Mode()
        {
            switch (Optional("EventMode"))
            {
                case null or "webhook":
                    return EventMode.Webhook;
                case "long_connection":
                    return EventMode.LongConnection;
                case var other:
                    problems.Add($"{setting("EventMode").Name}: \"{other}\" is not one of webhook, long_connection");
                    return EventMode.Webhook;
            }
        }

        public T OneOf<T>(string key, T normally) where T : struct, Enum
        {
            if (Optional(key) is not { } value) return normally;
            if (Enum.TryParse<T>(value, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)) return parsed;
            problems.Add($"{setting(key).Name}: \"{value}\" is not one of {string.Join(", ", Enum.GetNames<T>())}");
            return normally;
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex AppName();
}

using Microsoft.Extensions.Options;

namespace Larkspur.WeCom;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal sealed class WeComOptionsValidation(string optionsName, string section) : IValidateOptions<WeComOptions>
{
    public ValidateOptionsResult Validate(string? name, WeComOptions options)
    {
        if (name != optionsName) return ValidateOptionsResult.Skip;
        IReadOnlyList<string> problems = Problems(options, section);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static IReadOnlyList<string> Problems(WeComOptions options, string section)
    {
        var check = new OptionsCheck(section);
        check.Text(nameof(options.CorpId), options.CorpId, "is missing: the Corp ID under My Company in the admin console, ww….");
        check.Text(nameof(options.Secret), options.Secret, "is missing: the Secret on the app's page in the admin console.");
        if (options.AgentId is <= 0) check.Add(nameof(options.AgentId), "must be the app's AgentId, a positive number.");
        check.Callback(nameof(options.Token), options.Token, nameof(options.EncodingAesKey), options.EncodingAesKey);
        check.Address(nameof(options.BaseUrl), options.BaseUrl);
        check.Address(nameof(options.OAuthUrl), options.OAuthUrl);
        check.Address(nameof(options.WebLoginUrl), options.WebLoginUrl);
        check.Time(nameof(options.CallTimeout), options.CallTimeout);
        check.Time(nameof(options.AttemptTimeout), options.AttemptTimeout);
        check.Time(nameof(options.CallbackWindow), options.CallbackWindow);
        check.Time(nameof(options.RefusedSecretPause), options.RefusedSecretPause);
        check.Attempts(nameof(options.MaxAttempts), options.MaxAttempts);
        check.Factor(nameof(options.RateFactor), options.RateFactor);
        return check.Problems;
    }
}

/// <summary>Collects what is wrong with options.</summary>
internal sealed class OptionsCheck(string section)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Add(string key, string problem) => _problems.Add($"{section}:{key} {problem}");

    public void Text(string key, string value, string problem)
    {
        if (string.IsNullOrWhiteSpace(value)) Add(key, problem);
        else Trimmed(key, value);
    }

    public void Trimmed(string key, string? value)
    {
        if (value.AsSpan().Trim().Length != (value?.Length ?? 0)) Add(key, "begins or ends with white space.");
    }

    /// <summary>Token and key come together: one without the other proves nothing or reads nothing.</summary>
    public void Callback(string tokenKey, string? token, string keyKey, string? key)
    {
        Trimmed(tokenKey, token);
        if (string.IsNullOrEmpty(token) != string.IsNullOrEmpty(key)) Add(string.IsNullOrEmpty(token) ? tokenKey : keyKey, $"is missing: {tokenKey} and {keyKey} belong together.");
        if (string.IsNullOrEmpty(key)) return;
        Span<byte> bytes = stackalloc byte[33];
        if (key.Length != 43 || !Convert.TryFromBase64String(key + "=", bytes, out int length) || length != 32) Add(keyKey, "must be the 43 characters of the admin console.");
    }

    public void Address(string key, Uri? value, bool socket = false)
    {
        if (value is null) return;
        if (!value.IsAbsoluteUri || !(socket ? value.Scheme is "ws" or "wss" : value.Scheme is "http" or "https")) Add(key, $"must be an absolute {(socket ? "ws or wss" : "http or https")} address.");
        else if (value.Query.Length > 0 || value.Fragment.Length > 0 || value.UserInfo.Length > 0) Add(key, "must have no query, fragment or user name.");
    }

    public void Time(string key, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) Add(key, "must be more than nothing and at most a day.");
    }

    public void Attempts(string key, int value)
    {
        if (value is < 1 or > 20) Add(key, "must be between 1 (no retry) and 20.");
    }

    public void Factor(string key, double value)
    {
        if (value is not (>= 0.01 and <= 100)) Add(key, "must be between 0.01 and 100.");
    }
}

using Microsoft.Extensions.Options;

namespace Larkspur.DingTalk;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal sealed class DingTalkOptionsValidation(string optionsName, string section) : IValidateOptions<DingTalkOptions>
{
    public ValidateOptionsResult Validate(string? name, DingTalkOptions options)
    {
        if (name != optionsName) return ValidateOptionsResult.Skip;
        IReadOnlyList<string> problems = Problems(options, section);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static IReadOnlyList<string> Problems(DingTalkOptions options, string section)
    {
        var problems = new List<string>();
        Text(nameof(options.ClientId), options.ClientId, "is missing: the Client ID (AppKey) from the app's credentials page.");
        Text(nameof(options.ClientSecret), options.ClientSecret, "is missing: the Client Secret (AppSecret) from the app's credentials page.");
        Trimmed(nameof(options.RobotCode), options.RobotCode);
        Trimmed(nameof(options.EventOwnerKey), options.EventOwnerKey);
        Trimmed(nameof(options.CardCallbackSecret), options.CardCallbackSecret);
        if (string.IsNullOrEmpty(options.Token) != string.IsNullOrEmpty(options.AesKey)) Add(nameof(options.Token), $"and {nameof(options.AesKey)} belong together: set both, or none (Stream mode).");
        if (options.Token is { Length: > 0 } token && (token.Length is < 3 or > 32 || !token.All(char.IsAsciiLetterOrDigit))) Add(nameof(options.Token), "must be 3 to 32 letters and digits.");
        if (options.AesKey is { Length: > 0 } key && !IsAesKey(key)) Add(nameof(options.AesKey), "must be the 43 characters of the console.");
        Address(nameof(options.BaseUrl), options.BaseUrl);
        Address(nameof(options.ApiUrl), options.ApiUrl);
        Address(nameof(options.OapiUrl), options.OapiUrl);
        Address(nameof(options.LoginUrl), options.LoginUrl);
        Time(nameof(options.CallTimeout), options.CallTimeout);
        Time(nameof(options.AttemptTimeout), options.AttemptTimeout);
        Time(nameof(options.DownloadSilence), options.DownloadSilence);
        Time(nameof(options.EventWindow), options.EventWindow);
        if (options.MaxAttempts is < 1 or > 20) Add(nameof(options.MaxAttempts), "must be between 1 (no retry) and 20.");
        if (options.CallsPerSecond is < 1 or > 1000) Add(nameof(options.CallsPerSecond), "must be between 1 and 1000.");
        if (options.MonthlyCalls < 0) Add(nameof(options.MonthlyCalls), "must not be negative.");
        if (options.MonthlyDeliveries < 0) Add(nameof(options.MonthlyDeliveries), "must not be negative.");
        return problems;

        void Add(string key, string problem) => problems.Add($"{section}:{key} {problem}");

        void Text(string key, string value, string problem)
        {
            if (string.IsNullOrWhiteSpace(value)) Add(key, problem);
            else Trimmed(key, value);
        }

        void Trimmed(string key, string? value)
        {
            if (value.AsSpan().Trim().Length != (value?.Length ?? 0)) Add(key, "begins or ends with white space.");
        }

        void Address(string key, Uri? value)
        {
            if (value is null) return;
            if (!value.IsAbsoluteUri || value.Scheme is not ("http" or "https")) Add(key, "must be an absolute http or https address.");
            else if (value.Query.Length > 0 || value.Fragment.Length > 0 || value.UserInfo.Length > 0) Add(key, "must have no query, fragment or user name.");
        }

        void Time(string key, TimeSpan value)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) Add(key, "must be more than nothing and at most a day.");
        }
    }

    private static bool IsAesKey(string key)
    {
        try
        {
            _ = new CallbackCipher("token", key, "");
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

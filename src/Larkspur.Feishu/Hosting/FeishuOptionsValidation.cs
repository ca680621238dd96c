using Microsoft.Extensions.Options;

namespace Larkspur.Feishu;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal sealed class FeishuOptionsValidation(string optionsName, string section) : IValidateOptions<FeishuOptions>
{
    public ValidateOptionsResult Validate(string? name, FeishuOptions options)
    {
        if (name != optionsName) return ValidateOptionsResult.Skip;
        IReadOnlyList<string> problems = Problems(options, section);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static IReadOnlyList<string> Problems(FeishuOptions options, string section)
    {
        var problems = new List<string>();
        Text(nameof(options.AppId), options.AppId, "is missing: the App ID from the app's Credentials page, cli_….");
        Text(nameof(options.AppSecret), options.AppSecret, "is missing: the App Secret from the app's Credentials page.");
        Trimmed(nameof(options.EncryptKey), options.EncryptKey);
        Trimmed(nameof(options.VerificationToken), options.VerificationToken);
        Address(nameof(options.BaseUrl), options.BaseUrl);
        Address(nameof(options.AccountsUrl), options.AccountsUrl);
        Address(nameof(options.PassportUrl), options.PassportUrl);
        Address(nameof(options.ApprovalUrl), options.ApprovalUrl);
        Time(nameof(options.CallTimeout), options.CallTimeout);
        Time(nameof(options.AttemptTimeout), options.AttemptTimeout);
        Time(nameof(options.EventWindow), options.EventWindow);
        if (options.MaxAttempts is < 1 or > 20) Add(nameof(options.MaxAttempts), "must be between 1 (no retry) and 20.");
        if (options.RateFactor is not (>= 0.01 and <= 100)) Add(nameof(options.RateFactor), "must be between 0.01 and 100.");
        if (options.MinuteRateFactor is not (null or (>= 0.01 and <= 100))) Add(nameof(options.MinuteRateFactor), "must be between 0.01 and 100.");
        if (!Enum.IsDefined(options.Kind)) Add(nameof(options.Kind), "must be SelfBuilt or Store.");
        if (!Enum.IsDefined(options.Brand)) Add(nameof(options.Brand), "must be Feishu or Lark.");
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
}

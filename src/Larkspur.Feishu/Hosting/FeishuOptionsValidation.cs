namespace Larkspur.Feishu;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal static class FeishuOptionsValidation
{
    public static IReadOnlyList<string> Problems(FeishuOptions options, string section)
    {
        var check = new OptionsCheck(section);
        check.Text(nameof(options.AppId), options.AppId, "is missing: the App ID from the app's Credentials page, cli_….");
        check.Text(nameof(options.AppSecret), options.AppSecret, "is missing: the App Secret from the app's Credentials page.");
        check.Trimmed(nameof(options.EncryptKey), options.EncryptKey);
        check.Trimmed(nameof(options.VerificationToken), options.VerificationToken);
        check.Address(nameof(options.BaseUrl), options.BaseUrl);
        check.Address(nameof(options.AccountsUrl), options.AccountsUrl);
        check.Address(nameof(options.PassportUrl), options.PassportUrl);
        check.Address(nameof(options.ApprovalUrl), options.ApprovalUrl);
        check.Time(nameof(options.CallTimeout), options.CallTimeout);
        check.Time(nameof(options.AttemptTimeout), options.AttemptTimeout);
        check.Time(nameof(options.EventWindow), options.EventWindow);
        check.Attempts(nameof(options.MaxAttempts), options.MaxAttempts);
        check.Factor(nameof(options.RateFactor), options.RateFactor);
        if (options.MinuteRateFactor is { } minute) check.Factor(nameof(options.MinuteRateFactor), minute);
        if (!Enum.IsDefined(options.Kind)) check.Add(nameof(options.Kind), "must be SelfBuilt or Store.");
        if (!Enum.IsDefined(options.Brand)) check.Add(nameof(options.Brand), "must be Feishu or Lark.");
        return check.Problems;
    }
}

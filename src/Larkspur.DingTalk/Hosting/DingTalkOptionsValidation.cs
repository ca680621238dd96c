namespace Larkspur.DingTalk;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal static class DingTalkOptionsValidation
{
    public static IReadOnlyList<string> Problems(DingTalkOptions options, string section)
    {
        var check = new OptionsCheck(section);
        check.Text(nameof(options.ClientId), options.ClientId, "is missing: the Client ID (AppKey) from the app's credentials page.");
        check.Text(nameof(options.ClientSecret), options.ClientSecret, "is missing: the Client Secret (AppSecret) from the app's credentials page.");
        check.Trimmed(nameof(options.RobotCode), options.RobotCode);
        check.Trimmed(nameof(options.EventOwnerKey), options.EventOwnerKey);
        check.Trimmed(nameof(options.CardCallbackSecret), options.CardCallbackSecret);
        if (string.IsNullOrEmpty(options.Token) != string.IsNullOrEmpty(options.AesKey)) check.Add(nameof(options.Token), $"and {nameof(options.AesKey)} belong together: set both, or none (Stream mode).");
        if (options.Token is { Length: > 0 } token && (token.Length is < 3 or > 32 || !token.All(char.IsAsciiLetterOrDigit))) check.Add(nameof(options.Token), "must be 3 to 32 letters and digits.");
        check.AesKey(nameof(options.AesKey), options.AesKey);
        check.Address(nameof(options.BaseUrl), options.BaseUrl);
        check.Address(nameof(options.ApiUrl), options.ApiUrl);
        check.Address(nameof(options.OapiUrl), options.OapiUrl);
        check.Address(nameof(options.LoginUrl), options.LoginUrl);
        check.Time(nameof(options.CallTimeout), options.CallTimeout);
        check.Time(nameof(options.AttemptTimeout), options.AttemptTimeout);
        check.Time(nameof(options.DownloadSilence), options.DownloadSilence);
        check.Time(nameof(options.EventWindow), options.EventWindow);
        check.Attempts(nameof(options.MaxAttempts), options.MaxAttempts);
        if (options.CallsPerSecond is < 1 or > 1000) check.Add(nameof(options.CallsPerSecond), "must be between 1 and 1000.");
        if (options.MonthlyCalls < 0) check.Add(nameof(options.MonthlyCalls), "must not be negative.");
        if (options.MonthlyDeliveries < 0) check.Add(nameof(options.MonthlyDeliveries), "must not be negative.");
        return check.Problems;
    }
}

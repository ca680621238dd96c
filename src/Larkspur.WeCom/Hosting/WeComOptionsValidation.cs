namespace Larkspur.WeCom;

/// <summary>Finds everything that is wrong with an app's options, each named by the key that sets it.</summary>
internal static class WeComOptionsValidation
{
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

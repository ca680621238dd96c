using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>App id and secret get a token, asked for now: a cached one would say what was right two hours ago.</summary>
internal sealed class CredentialsCheck : IDoctorCheck
{
    public string Id => "credentials";

    public LocalText Title => CredentialsCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.TokenAsync();
        if (answer.Failure is not { } why) return CheckResult.Ok(CredentialsCheckTexts.AppIDAndAppSecretGotNewToken);
        var detail = new System.Text.Json.Nodes.JsonObject { ["code"] = why.Code, ["log_id"] = why.LogId };
        var link = platform.ConsolePage("baseinfo");
        return why switch
        {
            { Kind: UnaskedKind.Unreachable } => CheckResult.Failed(CredentialsCheckTexts.PlatformDoesNotAnswer(why.Message),
                CredentialsCheckTexts.LookAtNetworkProxyAndFEISHU, detail),
            { Code: 10003 or 10012 or 99991543 } =>
                CheckResult.Failed(CredentialsCheckTexts.PlatformDoesNotKnowAppID(platform.Options.AppId, why.Code),
                CredentialsCheckTexts.CopyAppIDAgainFrom, detail) with { Link = link },
            { Code: 10014 or 10015 } => CheckResult.Failed(CredentialsCheckTexts.AppSecretIsWrong(why.Code),
                CredentialsCheckTexts.CopyAppSecretAgainFrom, detail) with { Link = link },
            _ => CheckResult.Failed(CredentialsCheckTexts.PlatformRefusesCredentials(why.Code, why.Message),
                CredentialsCheckTexts.CheckAppIDAppSecretAndApp, detail) with { Link = link },
        };
    }
}

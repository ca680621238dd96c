using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Platforms.WeCom;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address leads to this gateway for every WeCom app that receives over HTTP: it is called with an <c>echostr</c> as
/// WeCom does it when the address is saved.</summary>
internal sealed class WeComCallbackCheck(WeComApps apps, CallbackProbe probe, ProbeReach reach, TimeProvider clock) : IDoctorCheck
{
    public string Id => "wecom_callback";

    public LocalText Title => WeComCallbackCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var receiving = apps.All.Where(a => a.Receiver is not null || a.BotReceiver is not null).ToArray();
        if (receiving.Length == 0) return CheckResult.Skipped(WeComCallbackCheckTexts.NoAppReceivesOverHTTP);
        if (CallbackFindings.RootOf(of) is not { } root)
        {
            return CallbackFindings.NoRoot(CallbackFindingsTexts.WeCom, isSaid: of.Configured is { Mode: EventMode.Webhook });
        }

        var results = await Task.WhenAll(receiving.Select(app => CallAsync(root, app, cancellation)));
        return CallbackFindings.Worst(results);
    }

    private async Task<CheckResult> CallAsync(Uri root, WeComApp app, CancellationToken cancellation)
    {
        var (cipher, platform) = app.Receiver is not null && app.Settings.Application is { } application
            ? (new CallbackCipher(application.Token!, application.EncodingAesKey!, application.CorpId), application.BaseUrl)
            // A bot's callbacks are encrypted for nobody by name.
            : (new CallbackCipher(app.Settings.Bot!.Token!, app.Settings.Bot.EncodingAesKey!, ""), app.Settings.Bot.BaseUrl);
        var address = new Uri(root, WeComIntegration.Setup.PathOf(app.Name));
        var outcome = await probe.CallAsync(address, new WeComQuestion(cipher, clock), platform, cancellation);
        return CallbackFindings.Judge(CallbackFindingsTexts.WeCom, address, outcome, outcome.IsPrivate
            && await reach.IsPrivateAsync(platform, cancellation));
    }
}

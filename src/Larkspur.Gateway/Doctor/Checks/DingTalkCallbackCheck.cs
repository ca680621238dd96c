using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Platforms.DingTalk;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address leads to this gateway for every DingTalk app that receives events over HTTP: it is called with a
/// <c>check_url</c> as DingTalk does it.</summary>
/// <remarks>
/// DingTalk keeps events whose delivery failed (<c>get_call_back_failed_result</c>, dingtalk-protocol 7), and forgets what was once read
/// from there: a check-up that looked
/// would take them away from whoever fetches them, so it does not.
/// </remarks>
internal sealed class DingTalkCallbackCheck(DingTalkApps apps, CallbackProbe probe, ProbeReach reach, TimeProvider clock) : IDoctorCheck
{
    public string Id => "dingtalk_callback";

    public LocalText Title => DingTalkCallbackCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var receiving = apps.All.Where(a => a.HasWebhook).ToArray();
        if (receiving.Length == 0) return CheckResult.Skipped(DingTalkCallbackCheckTexts.NoAppReceivesOverHTTP);
        var checkable = receiving.Where(a => a.Settings.Options.Token is { Length: > 0 }).ToArray();
        if (checkable.Length == 0) return CheckResult.Skipped(DingTalkCallbackCheckTexts.RobotMessagesAloneCannotBeChecked);
        if (CallbackFindings.RootOf(of) is not { } root)
        {
            return CallbackFindings.NoRoot(CallbackFindingsTexts.DingTalk, isSaid: of.Configured is { Mode: EventMode.Webhook });
        }

        var results = await Task.WhenAll(checkable.Select(app => CallAsync(root, app, cancellation)));
        return CallbackFindings.Worst(results);
    }

    private async Task<CheckResult> CallAsync(Uri root, DingTalkApp app, CancellationToken cancellation)
    {
        var options = app.Settings.Options;
        var platform = options.OapiUrl ?? options.BaseUrl;
        var cipher = new CallbackCipher(options.Token!, options.AesKey!, options.EventOwnerKey ?? options.ClientId);
        var address = new Uri(root, DingTalkIntegration.Setup.PathOf(app.Name));
        var outcome = await probe.CallAsync(address, new DingTalkQuestion(cipher, clock), platform, cancellation);
        return CallbackFindings.Judge(CallbackFindingsTexts.DingTalk, address, outcome, outcome.IsPrivate
            && await reach.IsPrivateAsync(platform, cancellation));
    }
}

using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address leads to this gateway: it is called as Feishu would call it, and its answer is proven to be ours.</summary>
internal sealed class CallbackCheck(CallbackProbe probe, ProbeReach reach, CallbackProof proof, TimeProvider clock) : IDoctorCheck
{
    public string Id => "callback";

    public LocalText Title => CallbackCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Mode == EventMode.LongConnection) return CheckResult.Skipped(CallbackCheckTexts.EventsComeOverLongConnection);
        if (CallbackFindings.RootOf(of) is not { } root) return CallbackFindings.NoRoot(CallbackFindingsTexts.Feishu);
        var address = new Uri(root, FeishuIntegration.Setup.PathOf(of.App));
        var options = app.Client.Options;
        var outcome = await probe.CallAsync(address, new FeishuQuestion(options, proof, clock), options.BaseUrl, cancellation);
        var isPrivateRight = outcome.IsPrivate && await reach.IsPrivateAsync(options.BaseUrl, cancellation);
        var result = CallbackFindings.Judge(CallbackFindingsTexts.Feishu, address, outcome, isPrivateRight);
        return result.Status == CheckStatus.Failed ? result with { Link = of.Platform?.ConsolePage("event") } : result;
    }
}

using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address leads to this gateway: it is called as the platform would call it, and its answer is proven to be ours.</summary>
internal sealed class CallbackCheck(CallbackProbe probe) : IDoctorCheck
{
    public string Id => "callback";

    public LocalText Title => CallbackCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Mode == EventMode.LongConnection) return CheckResult.Skipped(CallbackCheckTexts.EventsComeOverLongConnection);
        if (of.Settings.Text(FeishuIntegration.CallbackDomain) is not { } domain || !Uri.TryCreate(domain, UriKind.Absolute, out var root))
        {
            return CheckResult.Warning(CallbackCheckTexts.NoCallbackDomainIsSetSoIt,
                CallbackCheckTexts.SetCallbackDomainOrLARKSPUR);
        }

        var address = new Uri(root, of.App == FeishuApps.Default ? "/webhook/feishu" : $"/webhook/feishu/{of.App}");
        var outcome = await probe.CallAsync(address, app.Client.Options, cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["address"] = address.AbsoluteUri, ["status"] = outcome.Status };
        var link = of.Platform?.ConsolePage("event");
        switch (outcome.Kind)
        {
            case ProbeKind.Here when outcome.IsPrivate && !await probe.IsPrivateAsync(app.Client.Options, cancellation):
                return CheckResult.Warning(CallbackCheckTexts.LeadsToThisGatewayButItIs(address),
                    CallbackCheckTexts.UsePublicHttpsAddressOrLong, detail);
            case ProbeKind.Here:
                return CheckResult.Ok(CallbackCheckTexts.LeadsToThisGatewayItAnswered(address), detail);
            case ProbeKind.Elsewhere:
                return CheckResult.Failed(CallbackCheckTexts.AnswersAndIsNotThisGateway(address, outcome.What),
                    CallbackCheckTexts.LookAtNameRecordsReverse, detail) with { Link = link };
            case ProbeKind.Redirected:
                return CheckResult.Failed(CallbackCheckTexts.RedirectsFeishuDoesNotFollow(address, outcome.Status),
                    CallbackCheckTexts.GiveAddressItEndsAtMostly, detail) with { Link = link };
            case ProbeKind.RefusedHere:
                return CheckResult.Failed(CallbackCheckTexts.RefusesRightlySigned(address, outcome.Status, outcome.What),
                    CallbackCheckTexts.GiveAllProcessesSameEncrypt, detail) with { Link = link };
            default:
                return CheckResult.Failed(CallbackCheckTexts.CannotBeReached(address, outcome.What),
                    CallbackCheckTexts.LookAtNamePortFirewall, detail) with { Link = link };
        }
    }
}

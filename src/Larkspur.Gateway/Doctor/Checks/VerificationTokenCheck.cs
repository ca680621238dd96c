using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The Verification Token is the console's, judged as <see cref="EncryptKeyCheck"/> judges.</summary>
internal sealed class VerificationTokenCheck(IngressMetrics ingress, Installation gateway) : IDoctorCheck
{
    public string Id => "verification_token";

    public LocalText Title => new("Verification Token", "Verification Token");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (!app.HasWebhook) return CheckResult.Skipped(VerificationTokenCheckTexts.LongConnectionUsesNone);
        if (app.Client.Options.VerificationToken is not { Length: > 0 })
            return CheckResult.Skipped(VerificationTokenCheckTexts.NoVerificationTokenIsSet);
        return KeyEvidence.Judge(of, ingress.Evidence, ingress.Evidence.RefusedBy(of.App, FeishuRefusal.WrongToken),
            VerificationTokenCheckTexts.RequestsCarryAnotherToken,
            VerificationTokenCheckTexts.CopyVerificationTokenAgain, gateway.TimeZone);
    }
}

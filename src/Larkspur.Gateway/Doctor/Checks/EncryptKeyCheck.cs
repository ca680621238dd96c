using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The Encrypt Key is the console's: judged by what came in since the start, for the platform does not tell it.</summary>
internal sealed class EncryptKeyCheck(IngressMetrics ingress, Installation gateway) : IDoctorCheck
{
    public string Id => "encrypt_key";

    public LocalText Title => new("Encrypt Key", "Encrypt Key");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (!app.HasWebhook) return CheckResult.Skipped(EncryptKeyCheckTexts.LongConnectionUsesNone);
        var has = app.Client.Options.EncryptKey is { Length: > 0 };
        var refused = ingress.Evidence.RefusedBy(of.App, FeishuRefusal.WrongSignature, FeishuRefusal.Undecryptable, FeishuRefusal.NotEncrypted, FeishuRefusal.MissingSignature);
        var words = has
            ? EncryptKeyCheckTexts.RequestsAreNotSignedOr
            : EncryptKeyCheckTexts.RequestsAreEncryptedAnd;
        return KeyEvidence.Judge(of, ingress.Evidence, refused, words,
            EncryptKeyCheckTexts.CopyEncryptKeyAgainFrom, gateway.TimeZone);
    }
}

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
        if (!app.HasWebhook) return CheckResult.Skipped("长连接不用 Encrypt Key", "The long connection uses none");
        var has = app.Client.Options.EncryptKey is { Length: > 0 };
        var refused = ingress.Evidence.RefusedBy(of.App, FeishuRefusal.WrongSignature, FeishuRefusal.Undecryptable, FeishuRefusal.NotEncrypted, FeishuRefusal.MissingSignature);
        var words = has
            ? new LocalText("请求的签名或加密与设置的 Encrypt Key 不符", "requests are not signed or encrypted with the Encrypt Key that is set")
            : new LocalText("请求是加密的，而网关没有设置 Encrypt Key", "requests are encrypted, and the gateway has no Encrypt Key");
        return KeyEvidence.Judge(of, ingress.Evidence, refused, words,
            new("从开发者后台“事件与回调 → 加密策略”重新复制 Encrypt Key 并保存；后台未启用加密时，把这里留空", "Copy the Encrypt Key again from Events & Callbacks, Encryption Strategy; leave it empty here when the console has none"), gateway.TimeZone);
    }
}

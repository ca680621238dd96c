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
        if (!app.HasWebhook) return CheckResult.Skipped("长连接不用 Verification Token", "The long connection uses none");
        if (app.Client.Options.VerificationToken is not { Length: > 0 })
            return CheckResult.Skipped("没有设置 Verification Token，由 Encrypt Key 的签名辨别真伪", "No Verification Token is set; the Encrypt Key's signature tells what is genuine");
        return KeyEvidence.Judge(of, ingress.Evidence, ingress.Evidence.RefusedBy(of.App, FeishuRefusal.WrongToken),
            new("请求里的 token 与设置的 Verification Token 不符", "requests carry another token than the Verification Token that is set"),
            new("从开发者后台“事件与回调 → 加密策略”重新复制 Verification Token", "Copy the Verification Token again from Events & Callbacks, Encryption Strategy"), gateway.TimeZone);
    }
}

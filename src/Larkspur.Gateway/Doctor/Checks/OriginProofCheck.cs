using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.DingTalk;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>
/// How well what comes in proves that it comes from the platform. Three of the platforms' own ways prove less than one would think, and no gateway can mend them: what
/// is switched on of them is named, with the way that proves more. Facts: feishu-protocol 3 and 7.8, dingtalk-protocol 5 and 10.
/// </summary>
internal sealed class OriginProofCheck(DingTalkApps dingTalk, ExternalActionSettings external) : IDoctorCheck
{
    public string Id => "origin_proof";

    public LocalText Title => new("来源验证", "Proof of origin");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        var weak = new List<(string Id, LocalText Finding, LocalText Fix)>();
        if (of.Configured is { HasWebhook: true } app && app.Client.Options.EncryptKey is not { Length: > 0 })
        {
            weak.Add(("feishu_token_only",
                new($"飞书应用 {of.App} 只用 Verification Token 验证：请求没有签名，谁见过一次请求正文，谁就能伪造任何事件和点击",
                    $"The Feishu app {of.App} is checked by its Verification Token alone: requests carry no signature, and whoever has seen one can forge every event and click"),
                new("在开发者后台“事件与回调 → 加密策略”设置 Encrypt Key 并填到这里，或改用长连接",
                    "Set an Encrypt Key under Events & Callbacks, Encryption Strategy, and enter it here; or use the long connection")));
        }

        // Robot messages and card clicks; events are encrypted as a whole.
        foreach (var ding in dingTalk.All.Where(a => a.HasWebhook).OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            weak.Add(("dingtalk_http_signature",
                new($"钉钉应用 {ding.Name} 经 HTTP 接收：机器人消息和卡片点击的签名只覆盖时间、不覆盖正文，一小时内有效，截获一次即可改写正文重放",
                    $"The DingTalk app {ding.Name} receives over HTTP: the signature of robot messages and clicks covers a time and no body, and holds for an hour; whoever catches one can use it for another body"),
                new("改用 Stream 模式；否则只通过 TLS 提供回调地址，代理日志中不要记录请求头",
                    "Use Stream mode; else offer the address over TLS alone, and keep request headers out of the proxy's logs")));
        }

        if (external.Now is { Key: null })
        {
            weak.Add(("external_action_in_clear",
                new("三方审批的快捷操作以明文接收：请求里只有一个固定 Token，没有签名也没有时间",
                    "Decisions on other systems' approvals come in the clear: a fixed token is all that proves them, with no signature and no time"),
                new("在三方审批定义中设置 action_callback_key，并填到 approvals.action_key",
                    "Set an action_callback_key in the third-party definitions, and enter it as approvals.action_key")));
        }

        if (weak.Count == 0) return CheckResult.Ok("收到的请求都有签名、加密，或来自网关自己建立的连接", "Everything that comes in is signed, encrypted, or over a connection that the gateway opened itself");
        return CheckResult.Warning(
            new(string.Join("；", weak.Select(w => w.Finding.Chinese)), string.Join(". ", weak.Select(w => w.Finding.English))),
            new(string.Join("；", weak.Select(w => w.Fix.Chinese)), string.Join(". ", weak.Select(w => w.Fix.English))),
            new() { ["weak"] = CheckResult.List(weak.Select(w => w.Id).Distinct(StringComparer.Ordinal)) });
    }
}

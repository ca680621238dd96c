using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address leads to this gateway: it is called as the platform would call it, and its answer is proven to be ours.</summary>
internal sealed class CallbackCheck(CallbackProbe probe) : IDoctorCheck
{
    public string Id => "callback";

    public LocalText Title => new("回调地址", "Callback address");

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Configured is not { } app) return Examination.NoApp;
        if (app.Mode == EventMode.LongConnection) return CheckResult.Skipped("事件经长连接到达，不需要公网地址", "Events come over the long connection; no address is needed");
        if (of.Settings.Text(FeishuIntegration.CallbackDomain) is not { } domain || !Uri.TryCreate(domain, UriKind.Absolute, out var root))
        {
            return CheckResult.Warning(new("没有设置回调域名，无法检查飞书能否访问本网关", "No callback domain is set, so it cannot be checked whether Feishu reaches this gateway"),
                new("填写“回调域名”（或 LARKSPUR_BASE_URL）；没有公网地址时改用长连接", "Set the callback domain (or LARKSPUR_BASE_URL); without a public address use the long connection"));
        }

        var address = new Uri(root, of.App == FeishuApps.Default ? "/webhook/feishu" : $"/webhook/feishu/{of.App}");
        var outcome = await probe.CallAsync(address, app.Client.Options, cancellation);
        var detail = new System.Text.Json.Nodes.JsonObject { ["address"] = address.AbsoluteUri, ["status"] = outcome.Status };
        var link = of.Platform?.ConsolePage("event");
        switch (outcome.Kind)
        {
            case ProbeKind.Here when outcome.IsPrivate && !await probe.IsPrivateAsync(app.Client.Options, cancellation):
                return CheckResult.Warning(new($"{address} 通向本网关，但它是内网或本机地址，飞书从外部访问不到", $"{address} leads to this gateway, but it is a private or loopback address that Feishu does not reach from outside"),
                    new("使用公网 https 地址，或改用长连接", "Use a public https address, or the long connection"), detail);
            case ProbeKind.Here:
                return CheckResult.Ok($"{address} 通向本网关，challenge 应答已验证", $"{address} leads to this gateway; it answered the challenge, and the answer is proven to be its own", detail);
            case ProbeKind.Elsewhere:
                return CheckResult.Failed(new($"{address} 有应答，但不是本网关（{outcome.What.Chinese}）", $"{address} answers, and is not this gateway ({outcome.What.English})"),
                    new("检查域名解析、反向代理的目标地址和路径 /webhook/feishu", "Look at the name's records, the reverse proxy's target, and the path /webhook/feishu"), detail) with { Link = link };
            case ProbeKind.Redirected:
                return CheckResult.Failed(new($"{address} 重定向到别处（{outcome.Status}）；飞书不会跟随重定向", $"{address} redirects ({outcome.Status}); Feishu does not follow"),
                    new("直接填写最终地址，通常是把 http 换成 https", "Give the address that it ends at; mostly https instead of http"), detail) with { Link = link };
            case ProbeKind.RefusedHere:
                return CheckResult.Failed(new($"{address} 拒绝了签名正确的 challenge 请求（{outcome.Status} {outcome.What.Chinese}）：它不是本网关，或使用另一套密钥", $"{address} refuses a rightly signed challenge ({outcome.Status} {outcome.What.English}): it is another gateway, or one with other keys"),
                    new("所有进程使用同一组 Encrypt Key 和 Verification Token；检查反向代理没有改写请求正文", "Give all processes the same Encrypt Key and Verification Token; see that the proxy does not rewrite bodies"), detail) with { Link = link };
            default:
                return CheckResult.Failed(new($"{address} 无法访问：{outcome.What.Chinese}", $"{address} cannot be reached: {outcome.What.English}"),
                    new("检查域名、端口、防火墙、证书和反向代理", "Look at the name, the port, the firewall, the certificate and the reverse proxy"), detail) with { Link = link };
        }
    }
}

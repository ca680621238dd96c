using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor;

/// <summary>Judges a key by refused and accepted requests since this process began.</summary>
internal static class KeyEvidence
{
    /// <param name="of">The run.</param>
    /// <param name="evidence">What came in.</param>
    /// <param name="refused">Requests refused because of this key.</param>
    /// <param name="what">What was wrong with them.</param>
    /// <param name="fix">What to do.</param>
    public static CheckResult Judge(Examination of, IngressEvidence evidence, RefusalCount refused, LocalText what, LocalText fix, TimeZoneInfo zone)
    {
        var (accepted, moment) = evidence.AcceptedBy(of.App);
        // As the console's pages show times.
        var at = moment is { } then ? TimeZoneInfo.ConvertTime(then, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "—";
        var detail = new System.Text.Json.Nodes.JsonObject { ["accepted"] = accepted, ["refused"] = refused.All, ["refused_since_accepted"] = refused.SinceAccepted };
        if (refused.SinceAccepted > 0 && accepted == 0)
        {
            return CheckResult.Failed(new LocalText($"启动以来 {refused.All} 个请求被拒绝，没有一个通过：{what.Chinese}", $"Since the start {CheckResult.Count(refused.All, "request was", "requests were")} refused and none accepted: {what.English}"), fix, detail)
                with { Link = of.Platform?.ConsolePage("event") };
        }

        if (refused.SinceAccepted > 0)
        {
            // Anybody can send a forged request to a public address: one alone proves nothing against a key that worked.
            return CheckResult.Warning(new LocalText($"最后一个有效事件（{at}）之后有 {refused.SinceAccepted} 个请求被拒绝：{what.Chinese}；密钥可能刚被更换，也可能有人伪造请求",
                    $"After the last genuine event ({at}) {CheckResult.Count(refused.SinceAccepted, "request was", "requests were")} refused: {what.English}; the key may have been changed, or somebody forges requests"), fix, detail)
                with { Link = of.Platform?.ConsolePage("event") };
        }

        return accepted > 0
            ? CheckResult.Ok($"最后一个有效事件在 {at} 通过了验证", $"The last event passed with it at {at}", detail)
            : CheckResult.Skipped("启动以来还没有事件到达，平台也不提供查询；在开发者后台重新保存请求地址即可验证", "No event came since the start, and the platform does not tell the key; saving the request URL again in the console would try it", detail);
    }
}

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

    public LocalText Title => OriginProofCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(of));

    private CheckResult Judge(Examination of)
    {
        var weak = new List<(string Id, LocalText Finding, LocalText Fix)>();
        if (of.Configured is { HasWebhook: true } app && app.Client.Options.EncryptKey is not { Length: > 0 })
        {
            weak.Add(("feishu_token_only",
                OriginProofCheckTexts.FeishuAppIsCheckedByIts(of.App),
                OriginProofCheckTexts.SetEncryptKeyUnderEvents));
        }

        // Robot messages and card clicks; events are encrypted as a whole.
        foreach (var ding in dingTalk.All.Where(a => a.HasWebhook).OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            weak.Add(("dingtalk_http_signature",
                OriginProofCheckTexts.DingTalkAppReceivesOverHTTP(ding.Name),
                OriginProofCheckTexts.UseStreamModeElseOffer));
        }

        if (external.Now is { Key: null })
        {
            weak.Add(("external_action_in_clear",
                OriginProofCheckTexts.DecisionsOnOtherSystems,
                OriginProofCheckTexts.SetActionCallbackKeyInThird));
        }

        if (weak.Count == 0) return CheckResult.Ok(OriginProofCheckTexts.EverythingComesInIsSigned);
        return CheckResult.Warning(
            Joined(weak.Select(w => w.Finding)), Joined(weak.Select(w => w.Fix)),
            new() { ["weak"] = CheckResult.List(weak.Select(w => w.Id).Distinct(StringComparer.Ordinal)) });
    }

    private static LocalText Joined(IEnumerable<LocalText> sentences) =>
        sentences.Aggregate((before, next) => before + OriginProofCheckTexts.Between + next);
}

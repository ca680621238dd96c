using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Callbacks;

/// <summary>What the outcome of a call to the public address means, in words about the platform that would call it.</summary>
internal static class CallbackFindings
{
    /// <summary>The address under which outsiders reach this gateway; null: none is set.</summary>
    public static Uri? RootOf(Examination of) =>
        of.Settings.Text(FeishuIntegration.CallbackDomain) is { } domain && Uri.TryCreate(domain, UriKind.Absolute, out var root)
            ? root : null;

    /// <summary>Nobody said where outsiders reach this gateway.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="isSaid">Another check says so.</param>
    public static CheckResult NoRoot(LocalText platform, bool isSaid = false) => isSaid
        ? CheckResult.Skipped(CallbackFindingsTexts.NoCallbackDomainIsSetSoIt(platform))
        : CheckResult.Warning(CallbackFindingsTexts.NoCallbackDomainIsSetSoIt(platform),
            CallbackFindingsTexts.SetCallbackDomainOrLARKSPUR);

    /// <summary>What was found for several apps, by the worst of them: all that are as bad are named.</summary>
    public static CheckResult Worst(IReadOnlyList<CheckResult> results)
    {
        var worst = results.MaxBy(r => r.Status)!;
        if (worst.Status is not (CheckStatus.Warning or CheckStatus.Failed)) return worst;
        return worst with
        {
            Finding = results.Where(r => r.Status == worst.Status).Select(r => r.Finding)
                .Aggregate((before, next) => before + CallbackFindingsTexts.Between + next),
        };
    }

    /// <param name="platform">The platform's name.</param>
    /// <param name="address">What was called.</param>
    /// <param name="outcome">Who answered.</param>
    /// <param name="isPrivateRight">A private address is right: the platform is at one too.</param>
    public static CheckResult Judge(LocalText platform, Uri address, ProbeOutcome outcome, bool isPrivateRight)
    {
        var detail = new JsonObject { ["address"] = address.AbsoluteUri, ["status"] = outcome.Status };
        return outcome.Kind switch
        {
            ProbeKind.Here when outcome.IsPrivate && !isPrivateRight => CheckResult.Warning(
                CallbackFindingsTexts.LeadsToThisGatewayButItIs(address, platform), CallbackFindingsTexts.UsePublicHttpsAddressOrLong,
                    detail),
            ProbeKind.Here => CheckResult.Ok(CallbackFindingsTexts.LeadsToThisGatewayItAnswered(address), detail),
            ProbeKind.Elsewhere => CheckResult.Failed(CallbackFindingsTexts.AnswersAndIsNotThisGateway(address, outcome.What),
                CallbackFindingsTexts.LookAtNameRecordsReverse(address.AbsolutePath), detail),
            ProbeKind.Redirected => CheckResult.Failed(CallbackFindingsTexts.RedirectsPlatformDoesNotFollow(address, outcome.Status,
                platform),
                CallbackFindingsTexts.GiveAddressItEndsAtMostly, detail),
            ProbeKind.RefusedHere => CheckResult.Failed(CallbackFindingsTexts.RefusesRightlySigned(address, outcome.Status, outcome.What),
                CallbackFindingsTexts.GiveAllProcessesSameKeys, detail),
            _ => CheckResult.Failed(CallbackFindingsTexts.CannotBeReached(address, outcome.What),
                CallbackFindingsTexts.LookAtNamePortFirewall, detail),
        };
    }
}

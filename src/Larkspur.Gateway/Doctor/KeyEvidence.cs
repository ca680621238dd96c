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
        // A report is kept, printed and sent to others, so a time in it says its offset.
        var at = moment is { } then
            ? TimeZoneInfo.ConvertTime(then, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "—";
        var detail = new System.Text.Json.Nodes.JsonObject { ["accepted"] = accepted, ["refused"] = refused.All, ["refused_since_accepted"] = refused.SinceAccepted };
        if (refused.SinceAccepted > 0 && accepted == 0)
        {
            return CheckResult.Failed(DoctorTexts.SinceStartRequestWasRefused(refused.All, what), fix, detail)
                with { Link = of.Platform?.ConsolePage("event") };
        }

        if (refused.SinceAccepted > 0)
        {
            // Anybody can send a forged request to a public address: one alone proves nothing against a key that worked.
            return CheckResult.Warning(DoctorTexts.AfterLastGenuineEventRequest(at, refused.SinceAccepted, what), fix, detail)
                with { Link = of.Platform?.ConsolePage("event") };
        }

        return accepted > 0
            ? CheckResult.Ok(DoctorTexts.LastEventPassedWithItAt(at), detail)
            : CheckResult.Skipped(DoctorTexts.NoEventCameSinceStartAnd, detail);
    }
}

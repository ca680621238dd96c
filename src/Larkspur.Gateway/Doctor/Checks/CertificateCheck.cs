using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The public address is an https one whose certificate is trusted, names it, and holds for another month.</summary>
internal sealed class CertificateCheck(CertificateProbe probe, ProbeReach reach, WeComApps weCom, DingTalkApps dingTalk,
    TimeProvider clock) : IDoctorCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public string Id => "certificate";

    public LocalText Title => CertificateCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(8);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (CallbackFindings.RootOf(of) is not { } root) return CheckResult.Skipped(CertificateCheckTexts.NoAddressIsSet);
        var platform = of.Configured?.Client.Options.BaseUrl;
        if (root.Scheme != Uri.UriSchemeHttps)
        {
            return await reach.IsPrivateAsync(root, cancellation)
                ? CheckResult.Skipped(CertificateCheckTexts.PrivateWithoutTls(root.Host))
                : CheckResult.Warning(CertificateCheckTexts.PublicWithoutTls(root.Host), CertificateCheckTexts.UseHttps);
        }

        var shown = await probe.LookAsync(root, platform, cancellation);
        if (shown.Why is { } why)
        {
            return !shown.SpeaksNoTls
                // From inside the way out and back in may be closed, although the platform has one.
                ? CheckResult.Warning(CertificateCheckTexts.NotSeen(root.Authority, why), CertificateCheckTexts.LookAtWay)
                : CheckResult.Failed(CertificateCheckTexts.NoTls(root.Authority, why), CertificateCheckTexts.ServeTls);
        }

        return Judge(of, root, shown);
    }

    private CheckResult Judge(Examination of, Uri root, ShownCertificate shown)
    {
        var now = clock.GetUtcNow();
        var (from, until) = (Day(shown.From), Day(shown.Until));
        var detail = new JsonObject
        {
            ["issuer"] = shown.Issuer, ["not_before"] = shown.From, ["not_after"] = shown.Until, ["names"] = CheckResult.List(shown.Names),
            ["trust"] = JsonWord(shown.Trust),
        };
        if (shown.Until <= now) return CheckResult.Failed(CertificateCheckTexts.Over(root.Host, shown.Issuer, until),
            CertificateCheckTexts.Renew, detail);
        if (shown.From > now) return CheckResult.Failed(CertificateCheckTexts.NotYet(root.Host, shown.Issuer, from),
            CertificateCheckTexts.LookAtClockOrRenew, detail);
        if (!shown.NameMatches)
        {
            var names = shown.Names.Length > 0 ? LocalText.List(shown.Names) : CertificateCheckTexts.NoName;
            return CheckResult.Failed(CertificateCheckTexts.OtherName(root.Host, names), CertificateCheckTexts.IssueForName(root.Host),
                detail);
        }

        if (Untrusted(root, shown) is { } untrusted)
        {
            var fix = shown.Trust == CertificateTrust.Incomplete ? CertificateCheckTexts.SendIntermediates
                : CertificateCheckTexts.UsePublicAuthority;
            // Nobody but people of the company has to trust it where no platform calls.
            return ReceivesOverHttp(of) ? CheckResult.Failed(untrusted, fix, detail) : CheckResult.Warning(untrusted, fix, detail);
        }

        if (shown.Until - now < Soon)
        {
            var days = (long)Math.Ceiling((shown.Until - now).TotalDays);
            return CheckResult.Warning(CertificateCheckTexts.EndsSoon(root.Host, shown.Issuer, days, until), CertificateCheckTexts.Renew,
                detail);
        }

        return CheckResult.Ok(CertificateCheckTexts.Good(root.Host, shown.Issuer, until), detail);
    }

    private static LocalText? Untrusted(Uri root, ShownCertificate shown) => shown.Trust switch
    {
        CertificateTrust.Trusted => null,
        CertificateTrust.SelfSigned => CertificateCheckTexts.SelfSigned(root.Host, Day(shown.Until)),
        CertificateTrust.PrivateRoot => CertificateCheckTexts.PrivateRoot(root.Host, shown.Issuer, Day(shown.Until)),
        CertificateTrust.Incomplete => CertificateCheckTexts.Incomplete(root.Host, shown.Issuer),
        _ => CertificateCheckTexts.Faulty(root.Host, shown.Issuer),
    };

    private bool ReceivesOverHttp(Examination of) => of.Configured is { Mode: EventMode.Webhook } || dingTalk.All.Any(a => a.HasWebhook)
        || weCom.All.Any(a => a.Receiver is not null || a.BotReceiver is not null);

    private static string JsonWord(CertificateTrust trust) => JsonNamingPolicy.SnakeCaseLower.ConvertName(trust.ToString());

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

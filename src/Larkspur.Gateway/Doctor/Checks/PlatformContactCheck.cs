using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor.Callbacks;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>
/// The platforms have reached this gateway from outside. No call of our own can prove that way: it begins where we are. So what came is
/// looked at: events, and the checks of the address that a platform makes when somebody saves it.
/// </summary>
/// <remarks>Of apps that receive over HTTP. A connection that the gateway opened itself proves its way by standing.</remarks>
internal sealed class PlatformContactCheck(PlatformContacts contacts, WeComApps weCom, DingTalkApps dingTalk, Installation gateway,
    TimeProvider clock) : IDoctorCheck
{
    /// <summary>Longer than any holiday: nobody writes to a bot that is in use for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromDays(14);

    public string Id => "platform_contact";

    public LocalText Title => PlatformContactCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var apps = Receiving(of).ToArray();
        if (apps.Length == 0) return CheckResult.Skipped(PlatformContactCheckTexts.NothingComesOverHTTP);
        var zone = gateway.TimeZone;
        var now = clock.GetUtcNow();
        var list = new JsonArray();
        List<LocalText> never = [], quiet = [], fine = [], fixes = [];
        foreach (var app in apps)
        {
            var contact = await contacts.LastAsync(app.Platform, app.Name, cancellation);
            list.Add(new JsonObject
            {
                ["platform"] = app.Platform, ["app"] = app.Name, ["event_at"] = contact.Event, ["check_at"] = contact.Check,
            });
            if (contact.Last is not { } last)
            {
                never.Add(PlatformContactCheckTexts.NothingYet(app.Title, app.Name, Shown(contacts.Since, zone)));
                fixes.Add(app.Fix);
            }
            else if (now - last > Quiet)
            {
                quiet.Add(PlatformContactCheckTexts.QuietSince(app.Title, app.Name, Shown(last, zone)));
                fixes.Add(app.Fix);
            }
            else
            {
                fine.Add(contact.Event == last ? PlatformContactCheckTexts.LastEvent(app.Title, app.Name, Shown(last, zone))
                    : PlatformContactCheckTexts.LastAddressCheck(app.Title, app.Name, Shown(last, zone)));
            }
        }

        var detail = new JsonObject { ["apps"] = list };
        return fixes.Count > 0
            ? CheckResult.Warning(Joined([.. never, .. quiet]), Joined([.. fixes.Distinct()]), detail)
            : CheckResult.Ok(Joined(fine), detail);
    }

    private IEnumerable<(string Platform, LocalText Title, string Name, LocalText Fix)> Receiving(Examination of)
    {
        var root = CallbackFindings.RootOf(of);
        if (of.Configured is { Mode: EventMode.Webhook } feishu && of.Features.Any(f => f.Events.Count > 0))
        {
            yield return (PlatformNames.Feishu, CallbackFindingsTexts.Feishu, feishu.Name,
                PlatformContactCheckTexts.SaveAtFeishu(At(root, FeishuIntegration.Setup.PathOf(feishu.Name))));
        }

        foreach (var app in weCom.All.Where(a => a.Receiver is not null || a.BotReceiver is not null).OrderBy(a => a.Name,
            StringComparer.Ordinal))
        {
            yield return (WeComApps.Platform, CallbackFindingsTexts.WeCom, app.Name,
                PlatformContactCheckTexts.SaveAtWeCom(At(root, WeComIntegration.Setup.PathOf(app.Name))));
        }

        foreach (var app in dingTalk.All.Where(a => a.HasWebhook).OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            yield return (DingTalkApps.Platform, CallbackFindingsTexts.DingTalk, app.Name,
                PlatformContactCheckTexts.SaveAtDingTalk(At(root, DingTalkIntegration.Setup.PathOf(app.Name))));
        }
    }

    private static string At(Uri? root, string path) => root is null ? path : new Uri(root, path).AbsoluteUri;

    private static string Shown(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static LocalText Joined(IReadOnlyList<LocalText> sentences) =>
        sentences.Aggregate((before, next) => before + PlatformContactCheckTexts.Between + next);
}

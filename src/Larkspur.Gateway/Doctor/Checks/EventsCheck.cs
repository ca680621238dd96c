using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The events that the switched-on features need are ticked in the published version, as far as the platform tells; else what came in has to do.</summary>
internal sealed class EventsCheck(IngressMetrics ingress) : IDoctorCheck
{
    /// <summary>Subscribed to apart from the events; versions do not list it.</summary>
    private const string CardClick = "card.action.trigger";

    public string Id => "events";

    public LocalText Title => EventsCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        string[] needed = [.. of.Features.SelectMany(f => f.Events).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (needed.Length == 0) return CheckResult.Skipped(EventsCheckTexts.NothingIsSwitchedOnNeeds);
        string[] seen = [.. needed.Where(e => ingress.Evidence.LastOf(of.App, e) is not null)];
        var detail = new System.Text.Json.Nodes.JsonObject { ["needed"] = CheckResult.List(needed), ["received"] = CheckResult.List(seen) };
        if (seen.Length == needed.Length) return CheckResult.Ok(EventsCheckTexts.AllIsNeededHasComeInSince, detail);
        var answer = await platform.VersionAsync();
        if (answer.Failure is { Kind: UnaskedKind.Scope })
        {
            return CheckResult.Skipped(EventsCheckTexts.ToBeSubscribedPlatformTells(LocalText.List(needed)),
                detail) with { Link = platform.ConsolePage("event") };
        }

        if (answer.Failure is { } why) return Examination.Unasked(why);
        if (answer.Value.ValueKind == JsonValueKind.Undefined)
            return CheckResult.Skipped(EventsCheckTexts.NoVersionAppWasPublished, detail);
        var ticked = answer.Value.TryGetProperty("app_version", out var version) && version.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Select(e => e.GetString() ?? "").ToHashSet(StringComparer.Ordinal) : [];
        string[] missing = [.. needed.Where(e => e != CardClick && !seen.Contains(e) && !ticked.Contains(e))];
        if (missing.Length > 0)
        {
            detail["missing"] = CheckResult.List(missing);
            return CheckResult.Failed(EventsCheckTexts.PublishedVersionDoesNot(LocalText.List(missing)),
                EventsCheckTexts.AddThemUnderEventsCallbacks, detail) with { Link = platform.ConsolePage("event") };
        }

        return needed.Contains(CardClick) && !seen.Contains(CardClick)
            ? CheckResult.Ok(EventsCheckTexts.PublishedVersionSubscribesToAll, detail)
            : CheckResult.Ok(EventsCheckTexts.PublishedVersionSubscribesTo, detail);
    }
}

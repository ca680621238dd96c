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

    public LocalText Title => new("事件订阅", "Event subscriptions");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        string[] needed = [.. of.Features.SelectMany(f => f.Events).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (needed.Length == 0) return CheckResult.Skipped("没有开启需要事件的功能", "Nothing is switched on that needs events");
        string[] seen = [.. needed.Where(e => ingress.Evidence.LastOf(of.App, e) is not null)];
        var detail = new System.Text.Json.Nodes.JsonObject { ["needed"] = CheckResult.List(needed), ["received"] = CheckResult.List(seen) };
        if (seen.Length == needed.Length) return CheckResult.Ok("所需事件启动以来都收到过", "All that is needed has come in since the start", detail);
        var answer = await platform.VersionAsync();
        if (answer.Failure is { Kind: UnaskedKind.Scope })
        {
            return CheckResult.Skipped($"需要订阅：{string.Join("、", needed)}；平台只向拥有 application:application:self_manage 的应用提供订阅信息，请在后台核对",
                $"To be subscribed: {string.Join(", ", needed)}; the platform tells subscriptions only to apps with application:application:self_manage, so compare them in the console", detail) with { Link = platform.ConsolePage("event") };
        }

        if (answer.Failure is { } why) return Examination.Unasked(why);
        if (answer.Value.ValueKind == JsonValueKind.Undefined) return CheckResult.Skipped("应用还没有发布过版本", "No version of the app was published", detail);
        var ticked = answer.Value.TryGetProperty("app_version", out var version) && version.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Select(e => e.GetString() ?? "").ToHashSet(StringComparer.Ordinal) : [];
        string[] missing = [.. needed.Where(e => e != CardClick && !seen.Contains(e) && !ticked.Contains(e))];
        if (missing.Length > 0)
        {
            detail["missing"] = CheckResult.List(missing);
            return CheckResult.Failed(new($"已发布的版本没有订阅：{string.Join("、", missing)}", $"The published version does not subscribe to {string.Join(", ", missing)}"),
                new("在开发者后台“事件与回调”中添加这些事件，然后发布版本", "Add them under Events & Callbacks in the developer console, then publish a version"), detail) with { Link = platform.ConsolePage("event") };
        }

        return needed.Contains(CardClick) && !seen.Contains(CardClick)
            ? CheckResult.Ok("所需事件已在发布的版本中订阅；卡片回调 card.action.trigger 平台不提供查询，收到第一次点击即可确认", "The published version subscribes to the events; the card callback card.action.trigger is not told, the first click proves it", detail)
            : CheckResult.Ok("所需事件已在发布的版本中订阅", "The published version subscribes to all that is needed", detail);
    }
}

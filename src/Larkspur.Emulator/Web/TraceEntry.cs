using System.Globalization;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Web;

/// <summary>One line of the inspector: an API call or a push.</summary>
public sealed record TraceEntry(long Number, DateTimeOffset Time, bool IsPush, string Method, string Title, string Subtitle, string Chip, string Verdict, bool Failed)
{
    private const int Shown = 200;

    /// <summary>What the filter compares, lower case; kind and outcome are words of it.</summary>
    public string Search { get; private init; } = "";

    public static IReadOnlyList<TraceEntry> Latest(Viewer viewer) =>
        [.. viewer.World.Inspector.Calls(Shown).Select(Of).Concat(viewer.World.Inspector.Pushes(Shown).Select(p => Of(p, viewer))).OrderByDescending(static e => e.Number).Take(Shown)];

    private static TraceEntry Of(ApiCall call)
    {
        var failed = call.Status >= 400 || call.Code is > 0 or < 0;
        var chip = call.Code is { } code && (code != 0 || call.Status == 200) ? code.ToString(CultureInfo.InvariantCulture) : call.Status.ToString(CultureInfo.InvariantCulture);
        var name = call.Path.StartsWith("/open-apis", StringComparison.Ordinal) ? call.Path["/open-apis".Length..] : call.Path;
        return new TraceEntry(call.Number, call.Time, false, call.Method, name, $"{call.Milliseconds:0.#} ms", chip == "0" ? "OK" : chip, call.Verdict, failed)
        {
            Search = $"{call.Method} {call.Path} {call.EndpointId} {call.LogId} {call.Code} {call.Verdict}".ToLowerInvariant(),
        };
    }

    private static TraceEntry Of(PushAttempt push, Viewer viewer)
    {
        var failed = push.Status is < 200 or >= 300;
        var subtitle = $"{push.Milliseconds:0.#} ms" + (push.Attempt > 1 ? " · " + viewer.Words.Attempt(push.Attempt) : "")
            + (push.NextAttempt is { } next ? " · " + viewer.Words.NextTry(viewer.ClockWithSeconds(next)) : "");
        return new TraceEntry(push.Number, push.Time, true, "PUSH", push.EventType, subtitle, push.Status == 0 ? viewer.Words.NoAnswer : push.Status.ToString(CultureInfo.InvariantCulture), push.Verdict, failed)
        {
            Search = $"push {push.EventType} {push.EventId} {push.Url} {push.Status} {push.Verdict}".ToLowerInvariant(),
        };
    }
}

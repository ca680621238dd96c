using System.Globalization;

namespace Larkspur.Emulator.Web;

/// <summary>One line of the inspector: an API call or a push.</summary>
public sealed record TraceEntry
{
    private const int Shown = 200;

    public required long Number { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool IsPush { get; init; }

    /// <summary>The platform that was called or that pushed.</summary>
    public required string Platform { get; init; }

    /// <summary>HTTP method, PUSH, or WS for a push over the long connection.</summary>
    public required string Method { get; init; }

    public required string Title { get; init; }

    public required string Subtitle { get; init; }

    /// <summary>The outcome in a word: OK, the platform's code, or the HTTP status.</summary>
    public required string Chip { get; init; }

    public required string Verdict { get; init; }

    public required bool Failed { get; init; }

    /// <summary>What the filter compares, lower case.</summary>
    public required string Search { get; init; }

    public static IReadOnlyList<TraceEntry> Latest(Viewer viewer)
    {
        var inspector = viewer.State.Inspector;
        var entries = inspector.Calls(Shown).Select(call => Of(call, viewer))
            .Concat(inspector.Pushes(Shown).Select(push => Of(push, viewer)));
        return [.. entries.OrderByDescending(static e => e.Number).Take(Shown)];
    }

    private static TraceEntry Of(ApiCall call, Viewer viewer)
    {
        const string root = "/open-apis";
        return new TraceEntry
        {
            Number = call.Number,
            Time = call.Time,
            IsPush = false,
            Platform = call.Platform,
            Method = call.Method,
            Title = call.Path.StartsWith(root, StringComparison.Ordinal) ? call.Path[root.Length..] : call.Path,
            Subtitle = $"{viewer.Texts.PlatformName(call.Platform)} · {Duration(call.Milliseconds)}",
            Chip = call.Code switch { 0 => "OK", { } code => Text(code), null => Text(call.Status) },
            Verdict = call.Verdict,
            Failed = call.Status >= 400 || call.Code is not (null or 0),
            Search = $"{call.Method} {call.Path} {call.EndpointId} {call.LogId} {call.Code} {call.Verdict}".ToLowerInvariant(),
        };
    }

    private static TraceEntry Of(PushAttempt push, Viewer viewer)
    {
        List<string> subtitle = [viewer.Texts.PlatformName(push.Platform), Duration(push.Milliseconds)];
        if (push.Attempt > 1) subtitle.Add(viewer.Texts.Attempt(push.Attempt));
        if (push.NextAttempt is { } next) subtitle.Add(viewer.Texts.NextTry(viewer.ClockWithSeconds(next)));
        return new TraceEntry
        {
            Number = push.Number,
            Time = push.Time,
            IsPush = true,
            Platform = push.Platform,
            Method = push.Transport == PushAttempt.Socket ? "WS" : "PUSH",
            Title = push.EventType,
            Subtitle = string.Join(" · ", subtitle),
            Chip = push.Status == 0 ? viewer.Texts.NoAnswer : Text(push.Status),
            Verdict = push.Verdict,
            Failed = push.Status is < 200 or >= 300,
            Search = $"push {push.Transport} {push.EventType} {push.EventId} {push.Url} {push.Status} {push.Verdict}".ToLowerInvariant(),
        };
    }

    private static string Duration(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

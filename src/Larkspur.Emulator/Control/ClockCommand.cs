using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;

namespace Larkspur.Emulator.Control;

internal static class ClockCommand
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(366);

    public static JsonObject Show(VirtualClock clock) => new()
    {
        ["now"] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
        ["offset_seconds"] = clock.Offset.TotalSeconds,
    };

    /// <summary><c>{"advance": seconds}</c>, or a span as <c>"00:05:00"</c> or <c>"PT5M"</c>.</summary>
    public static JsonObject Advance(EmulatorState state, ControlInput input)
    {
        input.Only("advance", "seconds");
        var by = Span(input.Body["advance"] ?? input.Body["seconds"] ?? throw new ControlRefusal("\"advance\" is missing: seconds, \"00:05:00\" or \"PT5M\"."));
        state.Clock.Advance(by);
        state.Announce(ChangeKind.ClockMoved);
        return Show(state.Clock);
    }

    private static TimeSpan Span(JsonNode node)
    {
        if (node is JsonValue v)
        {
            if (v.TryGetValue<double>(out var seconds) && seconds >= 0 && seconds <= Most.TotalSeconds) return TimeSpan.FromSeconds(seconds);
            if (v.TryGetValue<string>(out var text) && Parse(text) is { } span && span >= TimeSpan.Zero && span <= Most) return span;
        }

        throw new ControlRefusal("\"advance\" must be from 0 to 366 days: seconds, \"00:05:00\" or \"PT5M\".");
    }

    private static TimeSpan? Parse(string text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) return span;
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

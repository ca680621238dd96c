using System.Text.Json;

namespace Larkspur.Cli.Output;

/// <summary>Members of an answer, for people to read.</summary>
internal static class JsonFields
{
    /// <summary>The text as it stands; empty when there is none. It is not yet safe to print.</summary>
    public static string Text(this JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.Null or JsonValueKind.Undefined => "", JsonValueKind.String => value.GetString()!, _ => value.GetRawText() }
        : "";

    /// <summary>The time as people read it.</summary>
    public static string Time(this JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at)
            ? LocalTime.Exact(at) : "-";

    public static bool Is(this JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

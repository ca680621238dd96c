using System.Text.Json;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>Members of what a provider says.</summary>
internal static class Claims
{
    /// <summary>A text; null: there is none of this name, or something else.</summary>
    public static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A text; null: it is something else.</summary>
    public static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is JSON and no text.
            return null;
        }
    }

    /// <summary>A point in time in seconds; null: there is none of this name, or something else.</summary>
    public static DateTimeOffset? Time(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;

    public static bool Has(JsonElement from, string name) => from.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
}

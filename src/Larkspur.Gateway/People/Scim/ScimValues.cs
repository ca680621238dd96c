using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Values of requests as they are meant: Entra writes truth as a text.</summary>
internal static class ScimValues
{
    /// <summary>A value has no more characters.</summary>
    public const int Longest = 500;

    public static bool? Truth(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : null;

    /// <summary>A text, as it is written; null: none, or null.</summary>
    /// <exception cref="ScimRefusedException"><c>invalidValue</c>.</exception>
    public static string? Text(JsonElement? value, string name)
    {
        var text = value?.ValueKind switch
        {
            null or JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => Written(value.Value, name),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
            _ => throw ScimRefusedException.Value($"{name} is no text."),
        };
        if (text is { Length: > Longest } || text?.Any(char.IsControl) == true)
            throw ScimRefusedException.Value($"{name} has at most {Longest} characters on one line.");
        return text;
    }

    private static string Written(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a character that takes two.
            throw ScimRefusedException.Value($"{name} is no text.");
        }
    }

    /// <summary>A member of an object, whatever the case of its name.</summary>
    public static JsonElement? Member(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object) return null;
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        }

        return null;
    }

    /// <summary>The objects or texts of a list; one alone is a list of one.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? value) => value?.ValueKind switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.Array => value.Value.EnumerateArray(),
        _ => [value.Value],
    };
}

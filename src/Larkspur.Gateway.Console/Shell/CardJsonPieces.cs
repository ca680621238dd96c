using System.Text.Json;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Reads a card's JSON for a preview. What is not as it should be is left out: the validator speaks of it.</summary>
internal static class CardJsonPieces
{
    public const int MostRows = 5;

    private static readonly Dictionary<string, string> Looks = new(StringComparer.Ordinal)
    {
        ["blue"] = "info", ["wathet"] = "info", ["turquoise"] = "info", ["indigo"] = "progress", ["purple"] = "progress",
            ["violet"] = "progress",
        ["green"] = "success", ["lime"] = "success", ["yellow"] = "warning", ["orange"] = "warning", ["red"] = "danger",
            ["carmine"] = "danger",
        ["grey"] = "closed",
    };

    /// <summary>The header's colour as one of the console's.</summary>
    public static string Look(JsonElement card) =>
        Member(card, "header") is { } header && Word(header, "template") is { } colour
            ? Looks.GetValueOrDefault(colour, "neutral") : "neutral";

    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Object ? value : null;

    public static string? Word(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    public static IReadOnlyList<JsonElement> List(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)] : [];

    /// <summary>What is drawn in a card or a container, in one language.</summary>
    public static IReadOnlyList<JsonElement> Elements(JsonElement of, string language)
    {
        var body = Member(of, "body") ?? of;
        if (Member(body, "i18n_elements") is { } translated && List(translated, Locale(language)) is { Count: > 0 } own) return own;
        return List(body, "elements") is { Count: > 0 } elements ? elements : List(body, "actions");
    }

    /// <summary>A text of <c>plain_text</c>, <c>lark_md</c> or <c>markdown</c> in one language; empty: there is none.</summary>
    public static string Text(JsonElement? text, string language)
    {
        if (text is not { } given) return "";
        foreach (var name in (ReadOnlySpan<string>)["i18n_content", "i18n"])
        {
            if (Member(given, name) is { } both && Word(both, Locale(language)) is { } own) return own;
        }

        return Word(given, "content") ?? "";
    }

    /// <summary>What a field asks for.</summary>
    public static string Label(JsonElement field, string language)
    {
        foreach (var name in (ReadOnlySpan<string>)["label", "placeholder", "text"])
        {
            if (Text(Member(field, name), language) is { Length: > 0 } text) return text;
        }

        return Word(field, "name") ?? Word(field, "tag") ?? "";
    }

    /// <summary>A component that people enter something into.</summary>
    public static bool IsField(string tag) => tag is "input" or "select_static" or "multi_select_static" or "select_person"
        or "multi_select_person" or "date_picker" or "picker_time" or "picker_datetime" or "checker";

    /// <summary>What stands in the header of a card or a panel; empty: nothing.</summary>
    public static string Title(JsonElement of, string language, string name = "title") =>
        Member(of, "header") is { } header ? Text(Member(header, name), language) : "";

    public static string? ButtonLook(JsonElement button) => Word(button, "type") switch
    {
        "primary" or "primary_filled" => "lk-card-primary",
        "danger" or "danger_filled" => "lk-card-danger",
        _ => null,
    };

    /// <summary>A cell of a table as text.</summary>
    public static string Cell(JsonElement row, string? column)
    {
        if (column is null || !row.TryGetProperty(column, out var value)) return "";
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(item => Word(item, "text") ?? item.ToString())),
            _ => value.ToString(),
        };
    }

    private static string Locale(string language) => language == "zh" ? "zh_cn" : "en_us";
}

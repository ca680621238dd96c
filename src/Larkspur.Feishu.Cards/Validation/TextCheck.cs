using System.Globalization;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Strings: lists of values, lengths of text, lengths in pixels, and the ones that mean something (addresses, keys, ids).</summary>
internal static class TextCheck
{
    public static void Check(CardInspection c, string text, SchemaField field)
    {
        if (field.Name is "url" or "default_url" or "pc_url" or "ios_url" or "android_url") UrlCheck.Address(c, text, required: field.Name == "default_url");
        else if (field.Name == "img_key") ImageCheck.Key(c, text);
        if (field.EnumRef is not null) Listed(c, text, field);
        else if (field.Enum is not null || field.Range is not null) EnumOrLength(c, text, field);
        if (field.MaxLength is { } max && field.Pattern is null && Runes(text) > max)
        {
            c.Error(CardRules.Length, $"\"{field.Name}\" has {Runes(text)} characters; {max} are allowed.", "Shorten it.");
        }

        if (field.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            c.Error(CardRules.ElementId, $"{CardInspection.Quote(text)} is no element_id.", "Begin with a letter; letters, digits and _ follow; 20 characters at most.");
        }
        else if (field.Name == "element_id" && !c.ElementIds.Add(text))
        {
            c.Error(CardRules.DuplicateElementId, $"element_id {CardInspection.Quote(text)} is in the card twice.", "Give each element an id of its own.");
        }
    }

    private static int Runes(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    private static void Listed(CardInspection c, string text, SchemaField field)
    {
        var values = CardSchema.Instance.Enums[field.EnumRef!];
        if (values.Contains(text) || text == field.Default) return;
        switch (field.EnumRef)
        {
            case "color" when text is "default" or "" || c.StyleNames.Contains(text):
                break;
            case "color":
                c.Warn(CardRules.Color, $"{CardInspection.Quote(text)} is no colour that the catalogue knows; the default is shown.",
                    Suggestion.Nearest(text, values) is { } near
                        ? $"Did you mean \"{near}\"?" : "Use a colour of the platform, or declare it under config.style.color.",
                    CardEdit.Near(Suggestion.Nearest(text, values)));
                break;
            case "icon":
                c.Warn(CardRules.Icon, $"{CardInspection.Quote(text)} is no icon that the catalogue knows.", Suggestion.Nearest(text,
                    values) is { } icon ? $"Did you mean \"{icon}\"?" : "Copy the token from the platform's icon library.",
                    CardEdit.Near(Suggestion.Nearest(text, values)));
                break;
            default:
                c.Error(CardRules.Value, $"\"{field.Name}\" is {CardInspection.Quote(text)}, which is not in its list.",
                    Suggestion.OneOf(text, values),
                    CardEdit.Near(Suggestion.Nearest(text, values)));
                break;
        }
    }

    private static void EnumOrLength(CardInspection c, string text, SchemaField field)
    {
        if (field.Enum?.Contains(text) == true || text == field.Default) return;
        if (field.TakesStyleNames && c.StyleNames.Contains(text)) return;
        if (field.Range is { } range)
        {
            if (field.Percent is { } percent && Lengths(text, "%", percent)) return;
            if (field.Name == "corner_radius" && Lengths(text, "%", new LengthRange(0, 100, "%"))) return;
            if (Lengths(text, "px", range)) return;
            var words = field.Enum is null ? "" : $"one of {string.Join(", ", field.Enum.Order(StringComparer.Ordinal))}, or ";
            c.Error(CardRules.Range, $"\"{field.Name}\" is {CardInspection.Quote(text)}; it must be {words}{range}.",
                $"Write for example \"{Example(range)}\".",
                Lengths(text + "px", "px", range)
                    ? CardEdit.Text(text + "px") : CardEdit.Near(field.Enum is null ? null : Suggestion.Nearest(text, field.Enum)));
            return;
        }

        c.Error(CardRules.Value, $"\"{field.Name}\" is {CardInspection.Quote(text)}, which is not in its list.",
            field.TakesStyleNames ? "Use a size of the platform, or declare the name under config.style.text_size."
                : Suggestion.OneOf(text, field.Enum!), CardEdit.Near(Suggestion.Nearest(text, field.Enum!)));
    }

    private static string Example(LengthRange range) =>
        Math.Clamp(8, range.Min, range.Max).ToString(CultureInfo.InvariantCulture) + "px";

    /// <summary>One to four lengths, separated by spaces or commas as the reference itself does; 0 needs no unit.</summary>
    private static bool Lengths(ReadOnlySpan<char> text, string unit, LengthRange range)
    {
        var count = 0;
        foreach (var part in text.SplitAny(' ', ','))
        {
            var word = text[part];
            if (word.IsEmpty) continue;
            if (++count > 4) return false;
            var digits = word.EndsWith(unit, StringComparison.Ordinal) ? word[..^unit.Length] : word is "0" ? word : default;
            if (!double.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
            if (!range.Contains(value)) return false;
        }

        return count > 0;
    }
}

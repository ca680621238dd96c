using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Choices: each value once, what is chosen at first is among them, first dates have the picker's form.</summary>
internal static class OptionCheck
{
    public static void Check(CardInspection c, JsonElement element)
    {
        Moment(c, element, "initial_date", "yyyy-MM-dd");
        Moment(c, element, "initial_time", "HH:mm");
        Moment(c, element, "initial_datetime", "yyyy-MM-dd HH:mm");
        if (!element.TryGetProperty("options", out var options) || options.ValueKind != JsonValueKind.Array) return;
        var values = Values(c, options);
        if (CardInspection.Text(element, "initial_option") is { Length: > 0 } initial && values.Count > 0 && !values.Contains(initial)) Unknown(c, "initial_option", initial);
        if (element.TryGetProperty("initial_index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var number) && (number < 0 || number > values.Count))
        {
            c.WarnAt("initial_index", CardRules.UnknownOption, $"There is no option {number}.", "Count from 1.");
        }

        if (!element.TryGetProperty("selected_values", out var selected) || selected.ValueKind != JsonValueKind.Array || values.Count == 0) return;
        foreach (var value in selected.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.String && !values.Contains(value.GetString()!)) Unknown(c, "selected_values", value.GetString()!);
        }
    }

    private static HashSet<string> Values(CardInspection c, JsonElement options)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var index = -1;
        foreach (var option in options.EnumerateArray())
        {
            index++;
            if (CardInspection.Text(option, "value") is not { } value || values.Add(value)) continue;
            c.Path.Push("options");
            c.Path.Push(index);
            c.ErrorAt("value", CardRules.DuplicateOption, $"Two options have the value {CardInspection.Quote(value)}; a callback could not tell them apart.", "Give each option a value of its own.");
            c.Path.Pop();
            c.Path.Pop();
        }

        return values;
    }

    private static void Unknown(CardInspection c, string name, string value) =>
        c.WarnAt(name, CardRules.UnknownOption, $"{CardInspection.Quote(value)} is not among the options; nothing is chosen.", "Use the \"value\" of an option.");

    private static void Moment(CardInspection c, JsonElement element, string name, string form)
    {
        if (CardInspection.Text(element, name) is not { Length: > 0 } text) return;
        if (DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return;
        c.WarnAt(name, CardRules.DateFormat, $"{CardInspection.Quote(text)} is not written as {form}; the picker begins empty.", $"Write it as {form}.");
    }
}

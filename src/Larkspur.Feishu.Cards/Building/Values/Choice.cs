using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>One thing to choose.</summary>
/// <param name="Value">Comes back when it is chosen.</param>
/// <param name="Label">What is shown.</param>
public sealed record Choice(string Value, I18nText Label)
{
    /// <summary>A picture before the label.</summary>
    public CardIcon? Icon { get; init; }

    internal static void Write(CardWriter w, IReadOnlyList<Choice> choices, IReadOnlyList<string> chosen)
    {
        var values = new HashSet<string>(Guard.Some(choices, "The list of options").Count, StringComparer.Ordinal);
        w.Json.WriteStartArray("options"u8);
        foreach (var choice in choices)
        {
            if (!values.Add(choice.Value)) throw new ArgumentException($"Two options have the value \"{choice.Value}\"; give each its own.");
            w.Json.WriteStartObject();
            w.Text("text"u8, choice.Label);
            choice.Icon?.Write(w, "icon"u8);
            w.Json.WriteString("value"u8, Guard.NotEmpty(choice.Value, "An option's value"));
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndArray();
        foreach (var value in chosen)
        {
            if (!values.Contains(value)) throw new ArgumentException($"\"{value}\" is chosen at first and is not among the options; use the value of one.");
        }
    }

    internal static void WritePersons(CardWriter w, IReadOnlyList<string>? ids)
    {
        if (ids is null) return;
        var seen = new HashSet<string>(ids.Count, StringComparer.Ordinal);
        w.Json.WriteStartArray("options"u8);
        foreach (var id in ids)
        {
            if (!seen.Add(id)) throw new ArgumentException($"\"{id}\" is among the persons twice; name each once.");
            w.Json.WriteStartObject();
            w.Json.WriteString("value"u8, Guard.NotEmpty(id, "A person's id"));
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndArray();
    }

    internal static void WriteSelected(CardWriter w, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        w.Json.WriteStartArray("selected_values"u8);
        foreach (var value in values) w.Json.WriteStringValue(value);
        w.Json.WriteEndArray();
    }
}

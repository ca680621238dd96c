using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Events;

/// <summary>What was entered into a form, by the components' names, read by type.</summary>
/// <remarks>
/// A field that is absent or empty reads as null (a list: as empty). A field that holds something else than is asked for throws a
/// <see cref="FormatException"/>: the card has another component under that name than the code believes. Facts: a multi-select is a list, a date
/// <c>2026-04-01 +0800</c>, a time <c>09:30 +0800</c>, both <c>2026-04-01 09:30 +0800</c>, a person an open id.
/// </remarks>
/// <param name="values">The form's values.</param>
public sealed class CardFormValues(IReadOnlyDictionary<string, JsonElement>? values)
{
    /// <summary>As the platform sent them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Raw { get; } = values ?? new Dictionary<string, JsonElement>();

    /// <summary>A text, or the value of the one that was chosen.</summary>
    /// <exception cref="FormatException">It is no text.</exception>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } given ? given : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => throw Wrong(name, "a text"),
    };

    /// <summary>A number that was typed, with a decimal point; thousands may be parted by commas.</summary>
    /// <exception cref="FormatException">It is none: people type what they like, so tell them.</exception>
    public decimal? Number(string name) => Text(name) is not { } text ? null
        : decimal.TryParse(text.Trim(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, "a number");

    /// <summary>A date that was picked.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public DateOnly? Date(string name) => Text(name) is not { } text ? null : CardPickers.TryDate(text, out var date) ? date : throw Wrong(name, "a date");

    /// <summary>A time of day that was picked.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public TimeOnly? Time(string name) => Text(name) is not { } text ? null : CardPickers.TryTime(text, out var time) ? time : throw Wrong(name, "a time");

    /// <summary>A moment that was picked, with the offset of the person's zone.</summary>
    /// <exception cref="FormatException">It is none, or has no offset.</exception>
    public DateTimeOffset? Moment(string name) => Text(name) is not { } text ? null : CardPickers.TryMoment(text, out var moment) ? moment : throw Wrong(name, "a date and time");

    /// <summary>Whether a box was ticked; null when the form has none of this name.</summary>
    /// <exception cref="FormatException">It is no box.</exception>
    public bool? Checked(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out var ticked) => ticked,
        _ => throw Wrong(name, "a box to tick"),
    };

    /// <summary>Values that were chosen; one choice is a list of one.</summary>
    /// <exception cref="FormatException">It is no list of texts.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } list) return [];
        if (list.ValueKind == JsonValueKind.String) return Text(name) is { } one ? [one] : [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String)) throw Wrong(name, "a list");
        return [.. list.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>Open ids of people who were chosen.</summary>
    /// <exception cref="FormatException">It is no list of people.</exception>
    public IReadOnlyList<string> People(string name) =>
        Texts(name) is var ids && ids.All(id => id.StartsWith("ou_", StringComparison.Ordinal)) ? ids : throw Wrong(name, "people");

    private JsonElement? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Raw.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;
    }

    /// <summary>Without the value: it is what a person has entered.</summary>
    private static FormatException Wrong(string name, string wanted) => new($"The form's \"{name}\" holds no {wanted[(wanted.StartsWith("a ", StringComparison.Ordinal) ? 2 : 0)..]}.");
}

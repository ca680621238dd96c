using System.Globalization;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of a date.</summary>
public sealed record DatePicker : ChoiceElement
{
    /// <summary>Chosen at first.</summary>
    public DateOnly? Initial { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "date_picker"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "date_picker");
        WriteChoice(w);
        if (Initial is { } date) w.Json.WriteString("initial_date"u8, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}

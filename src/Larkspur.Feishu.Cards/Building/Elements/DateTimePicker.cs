using System.Globalization;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of a date and a time.</summary>
public sealed record DateTimePicker : ChoiceElement
{
    /// <summary>Chosen at first, in the reader's time zone.</summary>
    public DateTime? Initial { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "picker_datetime"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "picker_datetime");
        WriteChoice(w);
        if (Initial is { } moment) w.Json.WriteString("initial_datetime"u8, moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }
}

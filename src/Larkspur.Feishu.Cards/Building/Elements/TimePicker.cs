using System.Globalization;
using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of a time of day.</summary>
public sealed record TimePicker : ChoiceElement
{
    /// <summary>Chosen at first.</summary>
    public TimeOnly? Initial { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "picker_time"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "picker_time");
        WriteChoice(w);
        if (Initial is { } time) w.Json.WriteString("initial_time"u8, time.ToString("HH:mm", CultureInfo.InvariantCulture));
    }
}

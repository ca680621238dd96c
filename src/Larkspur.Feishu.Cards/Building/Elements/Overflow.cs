using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A menu behind three dots.</summary>
/// <param name="Options">What it offers.</param>
public sealed record Overflow(IReadOnlyList<OverflowOption> Options) : CardElement
{
    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "overflow"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("width"u8, Width?.ToString());
        w.Behaviors(Behaviors);
        Confirm?.Write(w);
        WriteOptions(w);
    }

    private void WriteOptions(CardWriter w)
    {
        w.Json.WriteStartArray("options"u8);
        foreach (var option in Guard.Some(Options, "The menu")) option.Write(w);
        w.Json.WriteEndArray();
    }
}

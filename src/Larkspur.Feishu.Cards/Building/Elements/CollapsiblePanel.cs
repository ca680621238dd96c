using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A panel that opens and closes.</summary>
/// <param name="Header">What is seen while it is closed.</param>
/// <param name="Elements">What is inside.</param>
public sealed record CollapsiblePanel(PanelHeader Header, IReadOnlyList<CardElement> Elements) : ContainerElement
{
    /// <summary>Open at first.</summary>
    public bool? Expanded { get; init; }

    /// <summary>Colour of the ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>Colour of the edge.</summary>
    public CardColor? BorderColor { get; init; }

    /// <summary>Roundness of the edge in pixels.</summary>
    public int? CornerRadius { get; init => field = Guard.Between(value, 0, int.MaxValue, "CornerRadius"); }

    private protected override ReadOnlySpan<byte> Tag => "collapsible_panel"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Bool("expanded"u8, Expanded);
        WriteLayout(w);
        w.String("background_color"u8, Background?.ToString());
        Header.Write(w);
        WriteBorder(w);
        w.Enter("collapsible_panel");
        w.ElementList(Elements);
        w.Leave();
    }

    private void WriteBorder(CardWriter w)
    {
        if (BorderColor is null && CornerRadius is null) return;
        w.Json.WriteStartObject("border"u8);
        w.String("color"u8, BorderColor?.ToString());
        if (CornerRadius is { } radius) w.Json.WriteString("corner_radius"u8, $"{radius}px");
        w.Json.WriteEndObject();
    }
}

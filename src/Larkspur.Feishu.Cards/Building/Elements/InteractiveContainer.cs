using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A block that can be clicked as a whole.</summary>
/// <param name="Behaviors">What a click does.</param>
/// <param name="Elements">What is inside.</param>
public sealed record InteractiveContainer(IReadOnlyList<Behavior> Behaviors, IReadOnlyList<CardElement> Elements) : ContainerElement
{
    /// <summary>Fill, or 16 to 999 px.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 16, 999, "fill"); }

    /// <summary>Auto, or 10 to 999 px.</summary>
    public CardLength? Height { get; init => field = value?.Check("Height", 10, 999, "auto"); }

    /// <summary>Colour of the ground.</summary>
    public CardColor? Background { get; init; }

    /// <summary>With an edge.</summary>
    public bool? HasBorder { get; init; }

    /// <summary>Colour of the edge.</summary>
    public CardColor? BorderColor { get; init; }

    /// <summary>Roundness in pixels.</summary>
    public int? CornerRadius { get; init => field = Guard.Between(value, 0, int.MaxValue, "CornerRadius"); }

    /// <summary>Shown under the pointer.</summary>
    public I18nText? HoverTips { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "interactive_container"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("width"u8, Width?.ToString());
        w.String("height"u8, Height?.ToString());
        WriteLayout(w);
        w.String("background_style"u8, Background?.ToString());
        w.Bool("has_border"u8, HasBorder);
        w.String("border_color"u8, BorderColor?.ToString());
        w.Text("hover_tips"u8, HoverTips);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        Confirm?.Write(w);
        if (CornerRadius is { } radius) w.Json.WriteString("corner_radius"u8, $"{radius}px");
        w.Behaviors(Guard.Some(Behaviors, "What the container does"));
        w.Enter("interactive_container");
        w.ElementList(Elements);
        w.Leave();
    }
}

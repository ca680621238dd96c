using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A chart, drawn from a VChart specification.</summary>
/// <param name="SpecJson">The specification: a JSON object with a type.</param>
public sealed record Chart(string SpecJson) : CardElement
{
    /// <summary>Width to height.</summary>
    public ChartRatio? AspectRatio { get; init; }

    /// <summary>Set of colours; "brand" when nothing is said.</summary>
    public string? ColorTheme { get; init; }

    /// <summary>A click enlarges it.</summary>
    public bool? Preview { get; init; }

    /// <summary>Auto, or 1 to 999 px.</summary>
    public CardLength? Height { get; init => field = value?.Check("Height", 1, 999, "auto"); }

    private protected override ReadOnlySpan<byte> Tag => "chart"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.String("aspect_ratio"u8, AspectRatio?.ToString());
        w.String("color_theme"u8, ColorTheme);
        w.Bool("preview"u8, Preview);
        w.String("height"u8, Height?.ToString());
        w.Json.WritePropertyName("chart_spec"u8);
        w.Json.WriteRawValue(ChartSpec.Check(SpecJson), skipInputValidation: true);
    }
}

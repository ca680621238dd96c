using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Look of a table's first line.</summary>
public sealed record TableHeaderStyle
{
    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? Align { get; init; }

    /// <summary>Larger text.</summary>
    public bool Large { get; init; }

    /// <summary>A grey ground.</summary>
    public bool GreyBackground { get; init; }

    /// <summary>Grey text.</summary>
    public bool GreyText { get; init; }

    /// <summary>Bold text; true when nothing is said.</summary>
    public bool? Bold { get; init; }

    /// <summary>Lines of text, 1 and more.</summary>
    public int? Lines { get; init => field = Guard.Between(value, 1, 100, "Lines"); }

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject("header_style"u8);
        w.Enum("text_align"u8, Align);
        if (Large) w.Json.WriteString("text_size"u8, "heading"u8);
        if (GreyBackground) w.Json.WriteString("background_style"u8, "grey"u8);
        if (GreyText) w.Json.WriteString("text_color"u8, "grey"u8);
        w.Bool("bold"u8, Bold);
        w.Number("lines"u8, Lines);
        w.Json.WriteEndObject();
    }
}

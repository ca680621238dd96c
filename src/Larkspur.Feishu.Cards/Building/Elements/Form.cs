using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A form: what is entered comes back together when its button is clicked.</summary>
/// <param name="Name">Name of the form.</param>
/// <param name="Elements">What is inside, a submit button among it.</param>
public sealed record Form(string Name, IReadOnlyList<CardElement> Elements) : CardElement
{
    /// <summary>Below or beside each other.</summary>
    public Direction? Direction { get; init; }

    /// <summary>Space between elements side by side.</summary>
    public Spacing? HorizontalSpacing { get; init; }

    /// <summary>Place from left to right.</summary>
    public HorizontalAlign? HorizontalAlign { get; init; }

    /// <summary>Space between elements below each other.</summary>
    public Spacing? VerticalSpacing { get; init; }

    /// <summary>Place from top to bottom.</summary>
    public VerticalAlign? VerticalAlign { get; init; }

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "form"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Enum("direction"u8, Direction);
        w.String("horizontal_spacing"u8, HorizontalSpacing?.ToString());
        w.Enum("horizontal_align"u8, HorizontalAlign);
        w.String("vertical_spacing"u8, VerticalSpacing?.ToString());
        w.Enum("vertical_align"u8, VerticalAlign);
        w.String("padding"u8, Padding?.ToString());
        WriteForm(w);
    }

    private void WriteForm(CardWriter w)
    {
        Guard.NotEmpty(Name, "The form's name");
        if (w.Depth > 0) throw new ArgumentException($"Form \"{Name}\" is inside of another container; put it directly into the card.");
        w.Json.WriteString("name"u8, Name);
        w.Form = new FormScope(Name);
        w.Enter("form");
        w.ElementList(Elements);
        w.Leave();
        if (!w.Form.HasSubmit) throw new ArgumentException($"Form \"{Name}\" has no button that submits it; add a Button with FormAction = FormAction.Submit.");
        w.Form = null;
    }
}

using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A button at the end of a <see cref="Checker"/>.</summary>
/// <param name="Label">What it says.</param>
/// <param name="Behavior">What it does.</param>
public sealed record CheckerButton(I18nText Label, Behavior Behavior)
{
    /// <summary>Text, PrimaryText (the default) or DangerText.</summary>
    /// <exception cref="ArgumentException">Another look.</exception>
    public ButtonType Type
    {
        get;
        init => field = value is ButtonType.Text or ButtonType.PrimaryText or ButtonType.DangerText ? value
            : throw new ArgumentException($"A checker's button cannot look like {value}; use Text, PrimaryText or DangerText.", nameof(value));
    } = ButtonType.PrimaryText;

    /// <summary>Height.</summary>
    public ElementSize? Size { get; init; }

    /// <summary>A picture before the text.</summary>
    public CardIcon? Icon { get; init; }

    internal void Write(CardWriter w)
    {
        w.Begin("button"u8);
        w.Enum("type"u8, (ButtonType?)Type);
        w.Enum("size"u8, Size);
        w.Text("text"u8, Label);
        Icon?.Write(w, "icon"u8);
        w.Behaviors([Behavior]);
        w.End();
    }
}

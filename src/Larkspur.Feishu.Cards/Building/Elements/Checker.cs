using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A box to tick, with a text.</summary>
/// <param name="Label">What it says.</param>
public sealed record Checker(Text Label) : CardElement
{
    /// <summary>Key of its value in <c>form_value</c>; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>Ticked at first.</summary>
    public bool? Checked { get; init; }

    /// <summary>A click anywhere on it ticks.</summary>
    public bool? OverallCheckable { get; init; }

    /// <summary>Size of the text.</summary>
    public TextSize? Size { get; init; }

    /// <summary>Colour of the text.</summary>
    public CardColor? Color { get; init; }

    /// <summary>Buttons at its end, three at most.</summary>
    public IReadOnlyList<CheckerButton>? Buttons { get; init; }

    /// <summary>When the buttons are seen on computers.</summary>
    public DisplayRule? ButtonsShown { get; init; }

    /// <summary>The text is struck out when ticked.</summary>
    public bool? StrikeThrough { get; init; }

    /// <summary>Opacity when ticked, 0 to 1.</summary>
    public double? CheckedOpacity { get; init => field = Guard.Between(value, 0d, 1d, "CheckedOpacity"); }

    /// <summary>Space inside of its edge.</summary>
    public CardBox? Padding { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Shown under the pointer.</summary>
    public I18nText? HoverTips { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "checker"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "checker");
        w.String("name"u8, Name);
        w.Bool("checked"u8, Checked);
        w.Bool("overall_checkable"u8, OverallCheckable);
        w.String("padding"u8, Padding?.ToString());
        Confirm?.Write(w);
        w.Behaviors(Behaviors);
        w.Text("hover_tips"u8, HoverTips);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        WriteParts(w);
    }

    private void WriteParts(CardWriter w)
    {
        w.Json.WritePropertyName("text"u8);
        w.Begin(Label.IsMarkdown ? "lark_md"u8 : "plain_text"u8);
        w.Content(Label.Content);
        w.String("text_size"u8, Size?.ToString());
        w.String("text_color"u8, Color?.ToString());
        w.End();
        if (Buttons is { Count: > 0 }) WriteButtons(w, Buttons);
        if (StrikeThrough is null && CheckedOpacity is null) return;
        w.Json.WriteStartObject("checked_style"u8);
        w.Bool("show_strikethrough"u8, StrikeThrough);
        w.Number("opacity"u8, CheckedOpacity);
        w.Json.WriteEndObject();
    }

    private void WriteButtons(CardWriter w, IReadOnlyList<CheckerButton> buttons)
    {
        if (buttons.Count > 3) throw new ArgumentException($"A checker takes 3 buttons, not {buttons.Count}; leave the others.");
        w.Json.WriteStartObject("button_area"u8);
        w.Enum("pc_display_rule"u8, ButtonsShown);
        w.Json.WriteStartArray("buttons"u8);
        foreach (var button in buttons) button.Write(w);
        w.Json.WriteEndArray();
        w.Json.WriteEndObject();
    }
}

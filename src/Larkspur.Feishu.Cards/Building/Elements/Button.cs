using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A button.</summary>
/// <param name="Label">What it says, 100 characters at most.</param>
public sealed record Button(I18nText Label) : CardElement
{
    /// <summary>Look.</summary>
    public ButtonType? Type { get; init; }

    /// <summary>Height.</summary>
    public ElementSize? Size { get; init; }

    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    /// <summary>A picture before the text.</summary>
    public CardIcon? Icon { get; init; }

    /// <summary>Shown under the pointer.</summary>
    public I18nText? HoverTips { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Comes back with the callback; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>Inside a form: sends or empties it.</summary>
    public FormAction? FormAction { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "button"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Enum("type"u8, Type);
        w.Enum("size"u8, Size);
        w.String("width"u8, Width?.ToString());
        Icon?.Write(w, "icon"u8);
        w.Text("hover_tips"u8, HoverTips);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        Confirm?.Write(w);
        w.Behaviors(Behaviors);
        WriteForm(w);
        w.Text("text"u8, Guard.MaxLength(Label, 100, "The button's label"));
    }

    /// <summary>In a form the name is the key of the click; outside of it nothing can be submitted.</summary>
    private void WriteForm(CardWriter w)
    {
        if (w.Form is { } form)
        {
            form.Take(Name, "button");
            if (FormAction is null) throw new ArgumentException($"The button \"{Name}\" is in form \"{form.Name}\"; say whether it submits or resets it (FormAction).");
            form.HasSubmit |= FormAction == Cards.FormAction.Submit;
        }
        else if (FormAction is not null)
        {
            throw new ArgumentException($"The button \"{Label}\" submits a form and is in none; put it into a Form, or give it Behaviors.");
        }

        w.String("name"u8, Name);
        w.Enum("form_action_type"u8, FormAction);
    }
}

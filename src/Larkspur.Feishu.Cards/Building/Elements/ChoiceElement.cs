using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>What the selects and pickers have in common: somebody chooses, alone or in a form.</summary>
public abstract record ChoiceElement : CardElement
{
    private protected ChoiceElement()
    {
    }

    /// <summary>Key of its value in <c>form_value</c>; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>It must be filled in before the form is sent.</summary>
    public bool? Required { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown while it is empty; 100 characters at most.</summary>
    public I18nText? Placeholder { get; init => field = Guard.MaxLength(value, 100, "The placeholder"); }

    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    private protected void WriteChoice(CardWriter w)
    {
        w.String("name"u8, Name);
        w.Bool("required"u8, Required);
        w.Bool("disabled"u8, Disabled);
        w.Text("placeholder"u8, Placeholder);
        w.String("width"u8, Width?.ToString());
        w.Behaviors(Behaviors);
        Confirm?.Write(w);
    }
}

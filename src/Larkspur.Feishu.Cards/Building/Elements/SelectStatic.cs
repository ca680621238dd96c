using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of one.</summary>
/// <param name="Options">What can be chosen; values differ.</param>
public sealed record SelectStatic(IReadOnlyList<Choice> Options) : CardElement
{
    /// <summary>With a frame or without.</summary>
    public SelectType? Type { get; init; }

    /// <summary>Key of its value in <c>form_value</c>; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>It must be filled in before the form is sent.</summary>
    public bool? Required { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Value that is chosen at first.</summary>
    public string? InitialOption { get; init; }

    /// <summary>Shown while it is empty; 100 characters at most.</summary>
    public I18nText? Placeholder { get; init => field = Guard.MaxLength(value, 100, "The placeholder"); }

    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "select_static"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "select_static");
        w.Enum("type"u8, Type);
        w.String("name"u8, Name);
        w.Bool("required"u8, Required);
        w.Bool("disabled"u8, Disabled);
        w.String("initial_option"u8, InitialOption);
        w.Text("placeholder"u8, Placeholder);
        w.String("width"u8, Width?.ToString());
        w.Behaviors(Behaviors);
        Confirm?.Write(w);
        Choice.Write(w, Options, InitialOption is null ? [] : [InitialOption]);
    }
}

using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A field to type into.</summary>
public sealed record Input : CardElement
{
    /// <summary>Key of its value in <c>form_value</c>; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>It must be filled in before the form is sent.</summary>
    public bool? Required { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>Shown while it is empty; 100 characters at most.</summary>
    public I18nText? Placeholder { get; init => field = Guard.MaxLength(value, 100, "The placeholder"); }

    /// <summary>What it holds at first.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>Default, fill, or 100 px and more.</summary>
    public CardLength? Width { get; init => field = value?.Check("Width", 100, int.MaxValue, "default", "fill"); }

    /// <summary>Most characters, 1 to 1,000.</summary>
    public int? MaxLength { get; init => field = Guard.Between(value, 1, 1000, "MaxLength"); }

    /// <summary>One line, several, or hidden.</summary>
    public InputType? Type { get; init; }

    /// <summary>A lock before a password.</summary>
    public bool? ShowIcon { get; init; }

    /// <summary>Lines of a multi-line field.</summary>
    public int? Rows { get; init => field = Guard.Between(value, 1, 100, "Rows"); }

    /// <summary>It grows with the text (computers).</summary>
    public bool? AutoResize { get; init; }

    /// <summary>Most lines when it grows.</summary>
    public int? MaxRows { get; init => field = Guard.Between(value, 1, 100, "MaxRows"); }

    /// <summary>What is asked for.</summary>
    public I18nText? Label { get; init; }

    /// <summary>Above or before.</summary>
    public LabelPosition? LabelPlace { get; init; }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    /// <summary>Asked before it acts.</summary>
    public Confirm? Confirm { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "input"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "input");
        w.String("name"u8, Name);
        w.Bool("required"u8, Required);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        w.Text("placeholder"u8, Placeholder);
        w.String("default_value"u8, DefaultValue);
        w.String("width"u8, Width?.ToString());
        w.Number("max_length"u8, MaxLength);
        w.Enum("input_type"u8, Type);
        w.Bool("show_icon"u8, ShowIcon);
        w.Number("rows"u8, Rows);
        w.Bool("auto_resize"u8, AutoResize);
        w.Number("max_rows"u8, MaxRows);
        w.Text("label"u8, Label);
        w.Enum("label_position"u8, LabelPlace);
        w.Behaviors(Behaviors);
        Confirm?.Write(w);
    }
}

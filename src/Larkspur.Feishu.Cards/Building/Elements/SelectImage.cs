using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice among pictures.</summary>
/// <param name="Options">The pictures; values differ.</param>
public sealed record SelectImage(IReadOnlyList<ImageChoice> Options) : CardElement
{
    /// <summary>Several may be chosen (inside a form).</summary>
    public bool? MultiSelect { get; init; }

    /// <summary>How many in a row.</summary>
    public ImageLayout? Layout { get; init; }

    /// <summary>Key of its value in <c>form_value</c>; required inside a form.</summary>
    public string? Name { get; init; }

    /// <summary>It must be filled in before the form is sent.</summary>
    public bool? Required { get; init; }

    /// <summary>It is shown and cannot be used.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>A click enlarges a picture.</summary>
    public bool? CanPreview { get; init; }

    /// <summary>Width to height: 1:1, 16:9 or 4:3.</summary>
    public ChartRatio? AspectRatio { get; init; }

    /// <summary>What happens when it is used.</summary>
    public IReadOnlyList<Behavior>? Behaviors { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "select_img"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "select_img");
        w.Bool("multi_select"u8, MultiSelect);
        w.Enum("layout"u8, Layout);
        w.String("name"u8, Name);
        w.Bool("required"u8, Required);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        w.Bool("can_preview"u8, CanPreview);
        w.Behaviors(Behaviors);
        WriteOptions(w);
    }

    private void WriteOptions(CardWriter w)
    {
        if (w.Parent == "collapsible_panel") throw new ArgumentException("A choice among pictures may not stand directly in a collapsible panel; put it into a column.");
        if (AspectRatio is { } ratio) w.Json.WriteString("aspect_ratio"u8, ratio == ChartRatio.TwoToOne ? throw new ArgumentException("Pictures to choose from are 1:1, 16:9 or 4:3.") : ratio.ToString());
        var values = new HashSet<string>(StringComparer.Ordinal);
        w.Json.WriteStartArray("options"u8);
        foreach (var option in Guard.Some(Options, "The list of pictures"))
        {
            if (option.Value is { } value && !values.Add(value)) throw new ArgumentException($"Two pictures have the value \"{value}\"; give each its own.");
            option.Write(w);
        }

        w.Json.WriteEndArray();
    }
}

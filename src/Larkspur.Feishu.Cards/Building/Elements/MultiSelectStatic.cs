using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of several; only inside a form.</summary>
/// <param name="Options">What can be chosen; values differ.</param>
public sealed record MultiSelectStatic(IReadOnlyList<Choice> Options) : ChoiceElement
{
    /// <summary>With a frame or without.</summary>
    public SelectType? Type { get; init; }

    /// <summary>Values that are chosen at first.</summary>
    public IReadOnlyList<string>? SelectedValues { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "multi_select_static"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "multi_select_static", onlyInForms: true);
        w.Enum("type"u8, Type);
        WriteChoice(w);
        Choice.Write(w, Options, SelectedValues ?? []);
        Choice.WriteSelected(w, SelectedValues);
    }
}

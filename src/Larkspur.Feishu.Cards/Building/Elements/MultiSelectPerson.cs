using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of several persons; only inside a form.</summary>
public sealed record MultiSelectPerson : ChoiceElement
{
    /// <summary>With a frame or without.</summary>
    public SelectType? Type { get; init; }

    /// <summary>Ids that are chosen at first.</summary>
    public IReadOnlyList<string>? SelectedValues { get; init; }

    /// <summary>Ids to choose from; null for the members of the chat.</summary>
    public IReadOnlyList<string>? Persons { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "multi_select_person"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "multi_select_person", onlyInForms: true);
        w.Enum("type"u8, Type);
        WriteChoice(w);
        Choice.WritePersons(w, Persons);
        Choice.WriteSelected(w, SelectedValues);
    }
}

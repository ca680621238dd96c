using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of one person.</summary>
public sealed record SelectPerson : ChoiceElement
{
    /// <summary>With a frame or without.</summary>
    public SelectType? Type { get; init; }

    /// <summary>Id that is chosen at first.</summary>
    public string? InitialOption { get; init; }

    /// <summary>Ids to choose from; null for the members of the chat.</summary>
    public IReadOnlyList<string>? Persons { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "select_person"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "select_person");
        w.Enum("type"u8, Type);
        WriteChoice(w);
        w.String("initial_option"u8, InitialOption);
        Choice.WritePersons(w, Persons);
    }
}

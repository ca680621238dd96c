using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A choice of one.</summary>
/// <param name="Options">What can be chosen; values differ.</param>
public sealed record SelectStatic(IReadOnlyList<Choice> Options) : ChoiceElement
{
    /// <summary>With a frame or without.</summary>
    public SelectType? Type { get; init; }

    /// <summary>Value that is chosen at first.</summary>
    public string? InitialOption { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "select_static"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.TakeItem(Name, "select_static");
        w.Enum("type"u8, Type);
        WriteChoice(w);
        w.String("initial_option"u8, InitialOption);
        Choice.Write(w, Options, InitialOption is null ? [] : [InitialOption]);
    }
}

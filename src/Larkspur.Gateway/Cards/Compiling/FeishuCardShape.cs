namespace Larkspur.Gateway.Cards;

/// <summary>How much of a message is shown. A card of Feishu's has 30 KB and 200 elements: the shapes are tried from the largest on.</summary>
/// <param name="Text">Characters of the text.</param>
/// <param name="Facts">Facts.</param>
/// <param name="Value">Characters of a fact's value.</param>
/// <param name="Options">Options of a select.</param>
internal sealed record FeishuCardShape(int Text, int Facts, int Value, int Options)
{
    public static readonly IReadOnlyList<FeishuCardShape> All =
    [
        new(8000, 40, 500, 100),
        new(3000, 40, 200, 50),
        new(1500, 20, 120, 30),
        new(600, 12, 80, 20),
        new(300, 6, 60, 10),
    ];
}

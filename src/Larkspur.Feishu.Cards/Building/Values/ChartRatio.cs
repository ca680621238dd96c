namespace Larkspur.Feishu.Cards;

/// <summary>Width to height.</summary>
public readonly record struct ChartRatio
{
    private readonly string? _text;

    private ChartRatio(string text) => _text = text;

    /// <summary>1:1.</summary>
    public static ChartRatio Square => new("1:1");

    /// <summary>2:1.</summary>
    public static ChartRatio TwoToOne => new("2:1");

    /// <summary>4:3.</summary>
    public static ChartRatio FourToThree => new("4:3");

    /// <summary>16:9.</summary>
    public static ChartRatio SixteenToNine => new("16:9");

    /// <inheritdoc/>
    public override string ToString() => _text ?? "16:9";
}

using System.Globalization;

namespace Larkspur.Feishu.Cards;

/// <summary>A width or a height: a word, pixels, or per cent. Which of them a component takes is checked when it is given.</summary>
public readonly record struct CardLength
{
    private readonly string? _word;
    private readonly int _number;

    private CardLength(string? word, int number) => (_word, _number) = (word, number);

    /// <summary>As large as the content.</summary>
    public static CardLength Auto => new("auto", 0);

    /// <summary>All the room there is.</summary>
    public static CardLength Fill => new("fill", 0);

    /// <summary>The component's own.</summary>
    public static CardLength Default => new("default", 0);

    /// <summary>A share of the room, by <see cref="Column.Weight"/>.</summary>
    public static CardLength Weighted => new("weighted", 0);

    /// <summary>Pixels.</summary>
    public static CardLength Px(int pixels) => new(null, pixels);

    /// <summary>Per cent of the card's width (columns of tables).</summary>
    public static CardLength Percent(int percent) => new("%", percent);

    internal CardLength Check(string what, int min, int max, params ReadOnlySpan<string> words)
    {
        if (_word is null ? _number >= min && _number <= max : words.Contains(_word) && (_word != "%" || _number is >= 1 and <= 100)) return this;
        throw new ArgumentException($"{what} is {this}; use {(words.Length == 0 ? "" : string.Join(", ", words.ToArray()) + " or ")}{min} to {(max == int.MaxValue ? "any number of" : max)} px.");
    }

    /// <inheritdoc/>
    public override string ToString() => _word switch
    {
        null => _number.ToString(CultureInfo.InvariantCulture) + "px",
        "%" => _number.ToString(CultureInfo.InvariantCulture) + "%",
        _ => _word,
    };
}

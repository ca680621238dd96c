namespace Larkspur.Feishu.Cards;

/// <summary>A size of text: one of the platform's, or a name that the card declares with <see cref="CardBuilder.DeclareTextSize"/>.</summary>
public readonly record struct TextSize
{
    private readonly string? _name;

    /// <summary>A size by name.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public TextSize(string name) => _name = Building.Guard.NotEmpty(name, "The size's name");

    /// <summary>The name on the wire.</summary>
    public string Name => _name ?? "normal";

    /// <summary>14 px.</summary>
    public static TextSize Normal => default;

    /// <summary>12 px: notes.</summary>
    public static TextSize Notation => new("notation");

    /// <summary>16 px.</summary>
    public static TextSize Heading => new("heading");

    /// <summary>Headings from 0 (30 px) to 4 (18 px).</summary>
    /// <exception cref="ArgumentException">Not 0 to 4.</exception>
    public static TextSize HeadingLevel(int level) => level is >= 0 and <= 4 ? new($"heading-{level}") : throw new ArgumentException($"There is no heading {level}; choose 0 to 4.", nameof(level));

    /// <summary>A size by name.</summary>
    public static implicit operator TextSize(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace Larkspur.Feishu.Cards;

/// <summary>A colour: one of the platform's (<c>blue</c>, <c>grey-500</c>, …), or a name that the card declares with <see cref="CardBuilder.DeclareColor"/>.</summary>
public readonly record struct CardColor
{
    private readonly string? _name;

    /// <summary>A colour by name.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public CardColor(string name) => _name = Building.Guard.NotEmpty(name, "The colour's name");

    /// <summary>The name on the wire.</summary>
    public string Name => _name ?? "default";

    /// <summary>The component's own colour.</summary>
    public static CardColor Default => default;

    /// <summary>Blue.</summary>
    public static CardColor Blue => new("blue");

    /// <summary>Green.</summary>
    public static CardColor Green => new("green");

    /// <summary>Red.</summary>
    public static CardColor Red => new("red");

    /// <summary>Orange.</summary>
    public static CardColor Orange => new("orange");

    /// <summary>Yellow.</summary>
    public static CardColor Yellow => new("yellow");

    /// <summary>Purple.</summary>
    public static CardColor Purple => new("purple");

    /// <summary>Grey.</summary>
    public static CardColor Grey => new("grey");

    /// <summary>A colour by name.</summary>
    public static implicit operator CardColor(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

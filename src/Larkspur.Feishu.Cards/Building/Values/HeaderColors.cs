namespace Larkspur.Feishu.Cards;

/// <summary>Colour of the header.</summary>
public enum HeaderTemplate
{
    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Wathet.</summary>
    Wathet,

    /// <summary>Turquoise.</summary>
    Turquoise,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Red.</summary>
    Red,

    /// <summary>Carmine.</summary>
    Carmine,

    /// <summary>Violet.</summary>
    Violet,

    /// <summary>Purple.</summary>
    Purple,

    /// <summary>Indigo.</summary>
    Indigo,

    /// <summary>Grey.</summary>
    Grey,

    /// <summary>Default.</summary>
    Default,
}

/// <summary>Colour of a tag beside the title.</summary>
public enum TagColor
{
    /// <summary>Neutral.</summary>
    Neutral,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Turquoise.</summary>
    Turquoise,

    /// <summary>Lime.</summary>
    Lime,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Violet.</summary>
    Violet,

    /// <summary>Indigo.</summary>
    Indigo,

    /// <summary>Wathet.</summary>
    Wathet,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Red.</summary>
    Red,

    /// <summary>Purple.</summary>
    Purple,

    /// <summary>Carmine.</summary>
    Carmine,
}

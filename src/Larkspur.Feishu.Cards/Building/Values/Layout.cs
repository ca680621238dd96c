namespace Larkspur.Feishu.Cards;

/// <summary>How elements follow each other.</summary>
public enum Direction
{
    /// <summary>Below each other.</summary>
    Vertical,

    /// <summary>Beside each other.</summary>
    Horizontal,
}

/// <summary>Place from left to right.</summary>
public enum HorizontalAlign
{
    /// <summary>On the left.</summary>
    Left,

    /// <summary>In the middle.</summary>
    Center,

    /// <summary>On the right.</summary>
    Right,
}

/// <summary>Place from top to bottom.</summary>
public enum VerticalAlign
{
    /// <summary>At the top.</summary>
    Top,

    /// <summary>In the middle.</summary>
    Center,

    /// <summary>At the bottom.</summary>
    Bottom,
}

/// <summary>What columns do on a narrow screen.</summary>
public enum FlexMode
{
    /// <summary>Shrink.</summary>
    None,

    /// <summary>Go below each other, in full width.</summary>
    Stretch,

    /// <summary>Wrap.</summary>
    Flow,

    /// <summary>Two in a row.</summary>
    Bisect,

    /// <summary>Three in a row.</summary>
    Trisect,
}

/// <summary>Width of the card.</summary>
public enum CardWidthMode
{
    /// <summary>At most 600 px.</summary>
    Default,

    /// <summary>400 px.</summary>
    Compact,

    /// <summary>The whole conversation.</summary>
    Fill,
}

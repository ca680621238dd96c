namespace Larkspur.Feishu.Cards;

/// <summary>How a picture fills its place.</summary>
public enum ScaleType
{
    /// <summary>Cut around the middle.</summary>
    CropCenter,

    /// <summary>Cut below.</summary>
    CropTop,

    /// <summary>Whole width.</summary>
    FitHorizontal,
}

/// <summary>Arrangement of several pictures.</summary>
public enum CombinationMode
{
    /// <summary>Two.</summary>
    Double,

    /// <summary>Three, the first large.</summary>
    Triple,

    /// <summary>Two in a row, up to six.</summary>
    Bisect,

    /// <summary>Three in a row, up to nine.</summary>
    Trisect,
}

/// <summary>Arrangement of pictures to choose from.</summary>
public enum ImageLayout
{
    /// <summary>One in a row.</summary>
    Stretch,

    /// <summary>Two in a row.</summary>
    Bisect,

    /// <summary>Three in a row.</summary>
    Trisect,
}

/// <summary>Place of a panel's icon.</summary>
public enum IconPosition
{
    /// <summary>Before the title.</summary>
    Left,

    /// <summary>At the right end.</summary>
    Right,

    /// <summary>After the title.</summary>
    FollowText,
}

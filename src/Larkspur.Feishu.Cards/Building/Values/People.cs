namespace Larkspur.Feishu.Cards;

/// <summary>Size of a person.</summary>
public enum PersonSize
{
    /// <summary>Smallest.</summary>
    ExtraSmall,

    /// <summary>Small.</summary>
    Small,

    /// <summary>Medium.</summary>
    Medium,

    /// <summary>Large.</summary>
    Large,
}

/// <summary>Look of a person.</summary>
public enum PersonStyle
{
    /// <summary>Picture and name.</summary>
    Normal,

    /// <summary>In a capsule.</summary>
    Capsule,
}

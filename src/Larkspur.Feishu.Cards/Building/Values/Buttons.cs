namespace Larkspur.Feishu.Cards;

/// <summary>Look of a button.</summary>
public enum ButtonType
{
    /// <summary>Outlined.</summary>
    Default,

    /// <summary>Outlined in the theme colour.</summary>
    Primary,

    /// <summary>Outlined in red.</summary>
    Danger,

    /// <summary>Without a frame.</summary>
    Text,

    /// <summary>Without a frame, theme colour.</summary>
    PrimaryText,

    /// <summary>Without a frame, red.</summary>
    DangerText,

    /// <summary>Filled with the theme colour.</summary>
    PrimaryFilled,

    /// <summary>Filled with red.</summary>
    DangerFilled,

    /// <summary>With a gradient.</summary>
    Laser,
}

/// <summary>Size of a button.</summary>
public enum ElementSize
{
    /// <summary>24 px.</summary>
    Tiny,

    /// <summary>28 px.</summary>
    Small,

    /// <summary>32 px.</summary>
    Medium,

    /// <summary>40 px.</summary>
    Large,
}

/// <summary>What a button does to its form.</summary>
public enum FormAction
{
    /// <summary>Sends the values.</summary>
    Submit,

    /// <summary>Empties it.</summary>
    Reset,
}

/// <summary>When a checker's buttons are seen.</summary>
public enum DisplayRule
{
    /// <summary>Always.</summary>
    Always,

    /// <summary>Under the pointer.</summary>
    OnHover,
}

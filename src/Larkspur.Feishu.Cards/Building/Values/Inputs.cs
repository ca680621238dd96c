namespace Larkspur.Feishu.Cards;

/// <summary>What is typed.</summary>
public enum InputType
{
    /// <summary>One line.</summary>
    Text,

    /// <summary>Several lines.</summary>
    MultilineText,

    /// <summary>Hidden.</summary>
    Password,
}

/// <summary>Place of a label.</summary>
public enum LabelPosition
{
    /// <summary>Above.</summary>
    Top,

    /// <summary>Before.</summary>
    Left,
}

/// <summary>Frame of a select.</summary>
public enum SelectType
{
    /// <summary>With a frame.</summary>
    Default,

    /// <summary>Without.</summary>
    Text,
}

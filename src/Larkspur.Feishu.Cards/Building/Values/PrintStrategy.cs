namespace Larkspur.Feishu.Cards;

/// <summary>How streamed text catches up.</summary>
public enum PrintStrategy
{
    /// <summary>At once what was not shown yet, then the new text.</summary>
    Fast,

    /// <summary>Everything in the typing pace.</summary>
    Delay,
}

namespace Larkspur.Feishu.Cards;

/// <summary>Which times an audio shows.</summary>
public enum TimeDisplay
{
    /// <summary>What is left.</summary>
    Default,

    /// <summary>Elapsed and total.</summary>
    Both,
}

/// <summary>Place of an audio's time.</summary>
public enum TimePosition
{
    /// <summary>After the bar.</summary>
    End,

    /// <summary>Before the bar.</summary>
    Start,

    /// <summary>On both sides.</summary>
    BothSides,
}

/// <summary>Look of an audio.</summary>
public enum AudioStyle
{
    /// <summary>A player.</summary>
    Normal,

    /// <summary>A flat player.</summary>
    Flat,

    /// <summary>A loudspeaker.</summary>
    Speak,
}

namespace Larkspur.Gateway.Messages;

/// <summary>What a request wants of a message that it names, and so whose it must be.</summary>
internal enum MessageUse
{
    /// <summary>Answer it: a new message in its chat, whoever wrote it.</summary>
    Answer,

    /// <summary>Read it: one's own system's, an answer to such, or one in a group that the system made.</summary>
    Read,

    /// <summary>Leave a mark on it: the same ones.</summary>
    Mark,

    /// <summary>Take it back: one's own system's, or anybody's in a group that the system made.</summary>
    Recall,

    /// <summary>See who has read it: one's own system's.</summary>
    Readers,

    /// <summary>Give it other words, or urge people to read it: one's own system's.</summary>
    Change,
}

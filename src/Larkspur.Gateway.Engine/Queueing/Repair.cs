namespace Larkspur.Gateway.Queueing;

/// <summary>What became of an operator's wish.</summary>
internal enum Repair
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>There is no such row (any more).</summary>
    NotFound,

    /// <summary>The row's state does not allow it.</summary>
    Refused,

    /// <summary>It may have arrived before, and the platform no longer recognises its key.</summary>
    Unsure,

    /// <summary>A card's later face was shown meanwhile; this one would put it back.</summary>
    Superseded,
}

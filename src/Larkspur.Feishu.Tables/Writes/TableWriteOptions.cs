namespace Larkspur.Feishu.Tables;

/// <summary>How rows are written.</summary>
public sealed record TableWriteOptions
{
    /// <summary>Most rows of one call when records are made or changed.</summary>
    public const int MostRows = 1000;

    /// <summary>Most records of one call when they are deleted.</summary>
    public const int MostDeleted = 500;

    private readonly int _batchSize = MostRows;

    /// <summary>
    /// A field that holds a key of your own in every row (text or number). When the answer to making rows is lost, they are looked for by
    /// it; without one such a loss is a <see cref="TableOutcomeUnknownException"/>. The platform keeps no key unique: that is your part.
    /// </summary>
    public string? KeyField { get; init; }

    /// <summary>
    /// Names this writing when rows are made: who writes the same rows again under the same key, in another process too, sends them under
    /// the same <c>client_token</c>s, and what the platform remembers of them is not made twice. For how long it does is UNVERIFIED.
    /// </summary>
    public string? RepeatKey { get; init; }

    /// <summary>Rows in a call, 1 to 1,000; deletions never have more than 500. Default 1,000.</summary>
    public int BatchSize
    {
        get => _batchSize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostRows);
            _batchSize = value;
        }
    }

    /// <summary>
    /// A select may get an option that it does not have: the platform makes it. Default false, for a typing error makes one too.
    /// </summary>
    public bool AllowNewOptions { get; init; }

    /// <summary>Mentions and links in texts may become plain text. Default false.</summary>
    public bool AllowMarkupLoss { get; init; }

    /// <summary>
    /// So many rows that the platform refuses are each found by halving their batch; with more, what is left of a batch is given up
    /// (<see cref="TableRowState.NotTried"/>), for a wrong table would cost two calls a row. Default 50.
    /// </summary>
    public int MostRefusals { get; init; } = 50;

    internal static TableWriteOptions Default { get; } = new();
}

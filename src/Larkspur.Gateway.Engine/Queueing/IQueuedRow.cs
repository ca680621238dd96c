namespace Larkspur.Gateway.Queueing;

/// <summary>Durable work in memory's form.</summary>
public interface IQueuedRow
{
    /// <summary>The row. Of two rows of one key, the one recorded first has the smaller id.</summary>
    long Id { get; }

    /// <summary>Entries with one key run one after another.</summary>
    string Key { get; }

    /// <summary>The partition of the key.</summary>
    int Partition { get; }

    /// <summary>The class: 0 is the most urgent. Classes are read from the table apart, so that many rows of one hold up none of another.</summary>
    int Rank => 0;
}

/// <summary>What comes after an entry was tried.</summary>
/// <param name="Done">It leaves the line.</param>
/// <param name="Pause">When not done: time until its key goes on with it. What is more urgent goes meanwhile.</param>
public readonly record struct WorkResult(bool Done, TimeSpan Pause)
{
    public static readonly WorkResult Finished = new(true, TimeSpan.Zero);

    /// <summary>It goes back into its line, untried.</summary>
    public static readonly WorkResult Again = new(false, TimeSpan.Zero);

    /// <summary>Time for which nothing of the key goes, however urgent.</summary>
    public TimeSpan KeyPause { get; init; }

    /// <summary>What is older in the key ended together with it.</summary>
    public bool WithOlder { get; init; }

    /// <summary>An earlier entry of the key, which was not known here, runs first.</summary>
    public IQueuedRow? Earlier { get; private init; }

    public static WorkResult RetryAfter(TimeSpan pause) => new(false, pause);

    public static WorkResult After(IQueuedRow earlier) => new(false, TimeSpan.Zero) { Earlier = earlier };
}

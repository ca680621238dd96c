namespace Larkspur.Gateway.Dispatch;

/// <summary>Durable work in memory's form.</summary>
public interface IOrdered
{
    /// <summary>The row. Of two rows of one key, the one recorded first has the smaller id.</summary>
    long Id { get; }

    /// <summary>Entries with one key run one after another.</summary>
    string Key { get; }

    /// <summary>The partition of the key.</summary>
    int Part { get; }
}

/// <summary>What comes after an entry was tried.</summary>
/// <param name="Done">It leaves the line.</param>
/// <param name="Pause">Time until its key goes on: with the next entry when done, else with the same one.</param>
public readonly record struct Next(bool Done, TimeSpan Pause)
{
    public static readonly Next Finished = new(true, TimeSpan.Zero);

    /// <summary>An earlier entry of the key, which was not known here, runs first.</summary>
    public IOrdered? Earlier { get; private init; }

    public static Next FinishedThenPause(TimeSpan pause) => new(true, pause);

    public static Next RetryAfter(TimeSpan pause) => new(false, pause);

    public static Next After(IOrdered earlier) => new(false, TimeSpan.Zero) { Earlier = earlier };
}

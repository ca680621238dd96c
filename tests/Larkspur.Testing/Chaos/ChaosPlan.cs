namespace Larkspur.Testing.Chaos;

/// <summary>What a run of chaos is made of. The defaults are the size that CI runs.</summary>
public sealed record ChaosPlan
{
    /// <summary>Messages that people send to the bot, at least; each must be answered exactly once.</summary>
    public int Events { get; init; } = 10_000;

    /// <summary>SIGKILLs to a gateway process while they do.</summary>
    public int Kills { get; init; } = 30;

    /// <summary>
    /// SIGSTOPs of a gateway process, each for up to <see cref="LongestFreeze"/>, while people go on to write; then it wakes and believes
    /// that no time has passed. They come between the kills.
    /// </summary>
    public int Freezes { get; init; }

    /// <summary>
    /// Times that the network of a process fails, to its database or to the platform: connections are lost without a word to either side, nothing passes
    /// for up to <see cref="LongestFreeze"/>, or everything is late. They come between the kills.
    /// </summary>
    public int NetworkFaults { get; init; }

    /// <summary>Longer than every lease and time-out (leases 6 s, silent transactions 5 s, statements 30 s on the server, 10 s here).</summary>
    public TimeSpan LongestFreeze { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Everything that happens to processes.</summary>
    public int Steps => Kills + Freezes + NetworkFaults;

    /// <summary>Cards that a program changes again and again by REST while people write; each must end with its newest face.</summary>
    public int Cards { get; init; } = 20;

    /// <summary>
    /// A procurement system has requisitions and payments decided, a program writes cards piece by piece, and another system is told of every message.
    /// </summary>
    public bool HasBusiness { get; init; } = true;

    /// <summary>
    /// People ask the assistant in Feishu, WeCom and DingTalk. Then every message is a question: such a run has no <see cref="Events"/> and
    /// <see cref="Chats"/>, whose messages are echoed.
    /// </summary>
    public bool HasQuestions { get; init; }

    /// <summary>Chats in which they send; groups, and each person's own chat with the bot.</summary>
    public int Chats { get; init; } = 200;

    /// <summary>What <c>LARKSPUR_DB</c> says; empty: an SQLite file in a temporary folder.</summary>
    public string Database { get; init; } = "";

    /// <summary>Gateway processes on that database, behind one address. More than one only with PostgreSQL.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Decides the moments of the kills, who says what where, and the faults. Processes and networks keep their own mind: a seed repeats a run roughly.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Multiplies the platform's rate limits, in the emulator and in the gateway (<c>FEISHU_RATE_FACTOR</c>) alike: they stay enforced, and ten thousand
    /// answers need not take the ten minutes that 1,000 a minute allow.
    /// </summary>
    public double RateFactor { get; init; } = 20;

    /// <summary>
    /// A killed process stays away until the others have answered what was acknowledged; the report's slowest recovery is then the slowest take-over.
    /// </summary>
    public bool LetRecover { get; init; }

    /// <summary>With <see cref="LetRecover"/>: called after each kill, once the others have answered and before the killed process comes back.</summary>
    public Func<CancellationToken, Task>? Recovered { get; init; }

    /// <summary>What else befalls the surroundings, such as a restart of the database; spread evenly over the kills and freezes, while people write.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> Disturbances { get; init; } = [];

    /// <summary>Time without any progress after which the run is given up; its report then names what is missing.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest time of the whole run.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Environment variables for the gateway, beyond the run's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets a line now and then.</summary>
    public Action<string>? Progress { get; init; }
}

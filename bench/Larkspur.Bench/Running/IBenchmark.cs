namespace Larkspur.Bench.Running;

/// <summary>Something that is measured by one command.</summary>
internal interface IBenchmark
{
    /// <summary>The word after <c>./larkspur bench</c>.</summary>
    string Name { get; }

    /// <summary>One line: what it measures, and against what.</summary>
    string Summary { get; }

    /// <summary>Measures and reports.</summary>
    /// <exception cref="BenchException">It cannot be measured here, or what was measured is not right.</exception>
    Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation);
}

/// <summary>How long and how hard.</summary>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Rounds">Measurements of each thing.</param>
/// <param name="Connections">Connections that send at once.</param>
internal sealed record BenchOptions(double Seconds, int Rounds, int Connections)
{
    /// <summary>Messages that are sent, where messages are counted and not seconds.</summary>
    public int Messages { get; init; } = 1000;

    /// <summary>Rows of a table that is synchronised.</summary>
    public int Rows { get; init; } = 100_000;

    /// <summary>Messages that people send to the bot.</summary>
    public int Events { get; init; } = 10_000;

    /// <summary>Chats in which they send them.</summary>
    public int Chats { get; init; } = 200;

    /// <summary>People of the company whose directory is read.</summary>
    public int People { get; init; } = 20_000;

    /// <summary>The only platform whose directory is read; null: all.</summary>
    public string? Platform { get; init; }

    /// <summary>SIGKILLs to the gateway while they do.</summary>
    public int Kills { get; init; } = 100;

    /// <summary>SIGSTOPs of a gateway process, and of sessions of its database, each followed by a SIGCONT.</summary>
    public int Freezes { get; init; }

    /// <summary>Times that the network of a gateway process fails.</summary>
    public int NetworkFaults { get; init; }

    /// <summary>Gateway processes on one database.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>PostgreSQL in place of SQLite.</summary>
    public bool OnPostgres { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem =>
        Seconds is not (>= 0.2 and <= 120) ? "--seconds must be between 0.2 and 120: signed requests are made beforehand and are valid for five minutes"
        : Rounds is < 1 or > 100 ? "--rounds must be between 1 and 100"
        : Connections is < 1 or > 2000 ? "--connections must be between 1 and 2000"
        : Messages is < 100 or > 100_000 ? "--messages must be between 100 and 100,000"
        : Chats is < 5 or > 1000 ? "--chats must be between 5 and 1,000"
        : Events < 2 * Chats || Events > 10_000_000 ? "--events must be at least two for each of --chats, and at most 10,000,000"
        : People is < 10_000 or > 100_000 ? "--people must be between 10,000 and 100,000: some of them are changed one by one"
        : Kills < 0 || Freezes < 0 || NetworkFaults < 0 || Kills + Freezes + NetworkFaults > 500
            ? "--kills, --freezes and --network-faults must be between 0 and 500 together: the platform's clock advances with each, and would pass its last retry"
        : Processes is < 1 or > 4 ? "--processes must be between 1 and 4"
        : Processes > 1 && !OnPostgres ? "more than one of --processes needs --db postgresql: one process owns an SQLite file"
        : null;
}

/// <summary>The measurement cannot be done, or its result cannot be trusted. The message is for people.</summary>
internal sealed class BenchException(string message) : Exception(message);

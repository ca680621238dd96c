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

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem =>
        Seconds is not (>= 0.2 and <= 120) ? "--seconds must be between 0.2 and 120: signed requests are made beforehand and are valid for five minutes"
        : Rounds is < 1 or > 100 ? "--rounds must be between 1 and 100"
        : Connections is < 1 or > 2000 ? "--connections must be between 1 and 2000"
        : Messages is < 100 or > 100_000 ? "--messages must be between 100 and 100,000"
        : null;
}

/// <summary>The measurement cannot be done, or its result cannot be trusted. The message is for people.</summary>
internal sealed class BenchException(string message) : Exception(message);

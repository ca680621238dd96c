using System.Text.RegularExpressions;

namespace Larkspur.Testing.Chaos;

/// <summary>The ways of one gateway process to its database and to the platform, and what befalls them.</summary>
internal sealed partial class MemberRoutes : IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    /// <summary>How long lost connections are felt: statements are given up after 10 s.</summary>
    private static readonly TimeSpan Felt = TimeSpan.FromSeconds(10);

    private readonly FaultyRoute _platform;
    private readonly FaultyRoute? _database;
    private readonly TimeSpan _longest;

    /// <param name="platform">Where the emulator is.</param>
    /// <param name="database">The PostgreSQL database; empty: a file, to which nothing is in the way.</param>
    /// <param name="longest">Nothing stands still for longer.</param>
    public MemberRoutes(Uri platform, string database, TimeSpan longest)
    {
        _longest = longest;
        _platform = new FaultyRoute(platform.Port);
        Platform = new UriBuilder(platform) { Port = _platform.Port }.Uri.ToString();
        if (database.Length == 0) return;
        _database = new FaultyRoute(int.Parse(PortOf().Match(database).Groups[1].ValueSpan));
        Database = PortOf().Replace(database, $"Port={_database.Port}");
    }

    /// <summary>The platform's address for this process.</summary>
    public string Platform { get; }

    /// <summary>The database's for this process.</summary>
    public string Database { get; } = "";

    /// <summary>One fault, to its end.</summary>
    /// <param name="number">Which one of the run: six after one another are all kinds on both routes.</param>
    /// <param name="moments">How long it takes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it was.</returns>
    public async Task<string> FailAsync(int number, Random moments, CancellationToken cancellation)
    {
        var (route, server) = _database is not null && number % 2 == 0 ? (_database, "the database") : (_platform, "the platform");
        switch (number % 3)
        {
            case 0:
                route.Lose();
                await Task.Delay(Felt, cancellation);
                return $"lost its connections to {server}";
            case 1:
                var time = _longest * (0.2 + (0.8 * moments.NextDouble()));
                using (route.StandStill()) await Task.Delay(time, cancellation);
                return $"had no word from {server} for {time.TotalSeconds:0.0} s";
            default:
                route.Latency = Late;
                await Task.Delay(_longest / 2, cancellation);
                route.Latency = TimeSpan.Zero;
                return $"had {Late.TotalMilliseconds:0} ms to {server}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    [GeneratedRegex(@"\bPort=(\d+)")]
    private static partial Regex PortOf();
}

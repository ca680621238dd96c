using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>Two gateway processes on one PostgreSQL, and a say in which of them answers what.</summary>
internal sealed class TwoProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-two-").FullName;
    private readonly Dictionary<string, string> _settings;
    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly List<GatewayProcess> _all = [];

    private TwoProcesses(EmulatorApp emulator, PostgresServer server, string address, IReadOnlyDictionary<string, string> settings)
    {
        (Emulator, _server, _database) = (emulator, server, address.Split("Database=")[1]);
        _settings = new Dictionary<string, string>(settings) { ["LARKSPUR_DB"] = address };
    }

    public EmulatorApp Emulator { get; }

    public Member A { get; private set; } = null!;

    public Member B { get; private set; } = null!;

    /// <summary>Both, each with half of the work.</summary>
    /// <param name="emulator">Their platforms; disposed with them.</param>
    /// <param name="settings">Environment variables of both.</param>
    /// <param name="between">What happens once A is ready and before B starts.</param>
    public static async Task<TwoProcesses> StartAsync(EmulatorApp emulator, IReadOnlyDictionary<string, string> settings, Func<TwoProcesses, Task>? between = null)
    {
        var server = await PostgresServer.SharedAsync();
        var two = new TwoProcesses(emulator, server, await server.CreateMigratedDatabaseAsync(), settings);
        try
        {
            two.A = await two.StartAsync("");
            if (between is not null) await between(two);
            two.B = await two.StartAsync(two.A.Node);
            await two.UntilAsync(async () => (await two.PartsOfAsync(two.A)).Size == Partitions.Count / 2 && (await two.PartsOfAsync(two.B)).Size == Partitions.Count / 2, "each to have half of the work");
            return two;
        }
        catch
        {
            await two.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next conversation that begins is answered by this process.</summary>
    public async Task NextIsOfAsync(Member member)
    {
        var parts = await PartsOfAsync(member);
        var next = long.Parse(await SqlAsync("SELECT COALESCE(MAX(id), 0) + 1 FROM assistant_conversation"));
        while (!parts.Contains(Partitions.Of("assistant", next.ToString()))) next++;
        await SqlAsync($"SELECT setval(pg_get_serial_sequence('assistant_conversation', 'id'), {next}, false)");
    }

    /// <summary>Who asked the backend, in the order of the questions.</summary>
    public async Task<IReadOnlyList<string>> WritersAsync() => [.. (await SqlAsync("SELECT COALESCE(begun_by, '') FROM assistant_turn ORDER BY id")).Split('\n').Where(l => l.Length > 0)];

    /// <summary>How the answers ended, in the order of the questions; empty: not yet.</summary>
    public async Task<IReadOnlyList<string>> EndingsAsync() => [.. (await SqlAsync("SELECT COALESCE(ending, '-') FROM assistant_turn ORDER BY id")).Split('\n').Where(l => l.Length > 0)];

    public Task<string> SqlAsync(string sql) => _server.SqlAsync(sql, _database);

    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.\n{History}");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Lets the emulator's clock go on, and with it what the slow backend says, until it holds.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> holds, string what) => await UntilAsync(async () =>
    {
        if (await holds()) return true;
        await Emulator.AdvanceAsync(TimeSpan.FromMilliseconds(250));
        return false;
    }, what);

    /// <summary>What the processes printed.</summary>
    public string History => string.Join("\n---\n", _all.Select(g => g.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _all) await gateway.DisposeAsync();
        await Emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Partitions> PartsOfAsync(Member member) =>
        Partitions.From((await SqlAsync($"SELECT partition FROM lease WHERE node = '{member.Node}'")).Split('\n').Where(l => l.Length > 0).Select(int.Parse));

    private async Task<Member> StartAsync(string other)
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, $"{_all.Count}")).FullName;
        var process = await GatewayProcess.StartAsync(Emulator, GatewayProcess.FreeAddress(), data, _settings);
        _all.Add(process);
        return new Member(process, await SqlAsync($"SELECT id FROM node WHERE id <> '{other}'"));
    }

    /// <summary>One of the two.</summary>
    /// <param name="Process">Its process.</param>
    /// <param name="Node">How leases and turns name it.</param>
    internal sealed record Member(GatewayProcess Process, string Node);
}

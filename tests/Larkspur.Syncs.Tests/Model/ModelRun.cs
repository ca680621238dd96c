using System.Diagnostics.Metrics;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>One sequence: a sync between a table and a source of the model, with its own row in the database.</summary>
internal sealed class ModelRun : ISyncChance, ITableOpener, ISourceOpener
{
    private readonly IDatabase _database;
    private readonly ModelLeases _processes = new();
    private readonly SyncLeases _leases;
    private readonly SyncOptions _options = new();
    private int _values;
    private int _keys;

    private ModelRun(IDatabase database, long sync, int seed)
    {
        (_database, Sync) = (database, sync);
        World = new(new Random(seed));
        (Table, Source) = (new(World), new(World));
        _leases = new(database, _processes, Clock);
    }

    public long Sync { get; }

    public World World { get; }

    public ModelTable Table { get; }

    public ModelSource Source { get; }

    public ManualTimeProvider Clock { get; } = new();

    /// <summary>Every value that a person wrote, with where.</summary>
    public List<Edit> Edits { get; } = [];

    public static async Task<ModelRun> BeginAsync(IDatabase database, int seed, SyncSpec spec)
    {
        var name = $"model-{Guid.NewGuid():N}";
        var sync = await database.TransactAsync(unit => unit.FirstAsync("""
            INSERT INTO sync (name, owner, spec, phase, created_at, changed_at, changed_by) VALUES ($1, '', $2, $3, 0, 0, '') RETURNING id
            """, static row => row.GetInt64(0), name, spec.ToJson(), Phases.SurveyTable));
        // A chance of its own: sequences that failed once stay what they were.
        return new(new RepeatingDatabase(database, new Random(seed)), sync, seed);
    }

    public string NewValue() => $"v{++_values}";

    public string NewKey() => $"k{++_keys:D3}";

    string ISyncChance.NewKey() => $"u{++_keys:D3}";

    public void BeforeStep() => Crash("before a step");

    public void AfterStep() => Crash("after a step");

    public Task<ISide> OpenAsync(string owner, SyncSpec spec, CancellationToken cancellation) => Task.FromResult(Table.Open());

    public Task<ISide> OpenAsync(string owner, long sync, SyncSpec spec, CancellationToken cancellation) => Task.FromResult(Source.Open());

    public Task<SyncRecord> RowAsync() => _database.ReadAsync(async sql => (await SyncRecord.FindAsync(sql, Sync))!);

    /// <summary>The process works until it has nothing left to do, or dies.</summary>
    public async Task WorkAsync()
    {
        if (await _leases.TakeAsync(Sync, default) is not { } held) return;
        World.Log.Add("work");
        try
        {
            await new SyncCycle(_database, _leases, new(_database, _leases, this, this, this, Clock), _options, Clock,
                NullLogger<SyncCycle>.Instance).RunAsync(held, default);
        }
        catch (CrashException)
        {
            // The next process goes on where it died.
            _processes.Kill();
        }
    }

    /// <summary>Some of the table's events arrive.</summary>
    public async Task DeliverAsync(int atMost)
    {
        var some = Table.Events.Take(atMost).ToList();
        Table.Events.RemoveRange(0, some.Count);
        if (some.Count == 0) return;
        await _database.TransactAsync(unit => OverwrittenEdits.ToldAsync(unit, _database.Dialect, Sync, some, Clock.GetUtcNow()));
    }

    public Task ExecuteAsync(string sql) => _database.TransactAsync(async unit => { await unit.ExecuteAsync(sql, Sync); });

    public Task<List<ConflictRow>> ConflictsAsync() => _database.ReadAsync(
        sql => sql.QueryAsync($"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1", ConflictRow.Read, Sync));

    public Task<List<ProblemRow>> ProblemsAsync() => _database.ReadAsync(
        sql => sql.QueryAsync($"SELECT {ProblemRow.Columns} FROM sync_problem WHERE sync = $1", ProblemRow.Read, Sync));

    public Task<List<ChangeRow>> HistoryAsync() => _database.ReadAsync(
        sql => sql.QueryAsync($"SELECT {ChangeRow.Columns} FROM sync_change WHERE sync = $1 ORDER BY id", ChangeRow.Read, Sync));

    /// <summary>Runs that changes belong to and that are not there. An edit that was overwritten belongs to none.</summary>
    public Task<List<long>> LostRunsAsync() => _database.ReadAsync(sql => sql.QueryAsync("""
        SELECT DISTINCT run FROM sync_change WHERE sync = $1 AND run <> 0 AND run NOT IN (SELECT id FROM sync_run WHERE sync = $1)
        """, static row => row.GetInt64(0), Sync));

    public Task<List<SyncRow>> RowsAsync() => _database.ReadAsync(
        sql => sql.QueryAsync($"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1", SyncRow.Read, Sync));

    /// <summary>A person asks something of the sync.</summary>
    public Task SteerAsync(Func<IUnitOfWork, ValueTask> change) => _database.TransactAsync(change);

    public Task DecideAsync(ConflictRow conflict, string decision) => _database.TransactAsync(async unit =>
    {
        await ConflictStore.DecideAsync(unit, conflict, decision, null, "model");
        await HintStore.AddAsync(unit, _database.Dialect, Sync, SideName.Source, [conflict.Key!]);
    });

    private void Crash(string where)
    {
        while (World.People.Count > 0 && World.Chance.Next(6) == 0) World.People.Dequeue()();
        if (!World.IsCalm && World.Chance.Next(40) == 0) throw World.Crash(where);
    }
}

/// <summary>One process after the other, each of which holds everything.</summary>
internal sealed class ModelLeases : ILeases
{
    private int _deaths;

    public string Node => $"node {_deaths}";

    public bool IsShared => false;

    public bool MayBeShared => false;

    public string? Problem => null;

    public Partitions Held => Partitions.All;

    public void Kill() => _deaths++;

    public Fence? FenceOf(int partition) => new(partition, _deaths);

    public void Register(ILeaseHolder holder)
    {
    }
}

/// <summary>A value that a person wrote.</summary>
internal sealed record Edit(SideName Side, string Row, int Field, string? Value, string? Saw);

/// <summary>One database for all sequences.</summary>
public sealed class ModelDatabase : IAsyncLifetime
{
    private readonly Meter _meter = new("Larkspur.Syncs.Tests");
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-model-").FullName;

    internal IDatabase Database { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Database = SqliteDatabase.Open(Path.Combine(_folder, "model.db"), TimeProvider.System, new StorageMetrics(_meter), NullLogger.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

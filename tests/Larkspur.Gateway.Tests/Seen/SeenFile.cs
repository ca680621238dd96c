using System.Diagnostics.Metrics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests.Seen;

/// <summary>An inbox on a SQLite file, whose merges go on only when the test says so.</summary>
internal sealed class SeenFile : IAsyncDisposable
{
    private readonly Meter _meter = new("test");
    private readonly InboxOptions _options;
    private readonly InboxStore _store;

    private SeenFile(string folder, int recentKeys)
    {
        Folder = folder;
        _options = new InboxOptions { RecentKeys = recentKeys };
        Database = SqliteDatabase.Open(Path.Combine(folder, "larkspur.db"), TimeProvider.System, new StorageMetrics(_meter), NullLogger.Instance);
        Seen = new SeenKeys(_options);
        _store = new InboxStore(Database, new SqliteInboxAppend(Seen));
    }

    public string Folder { get; }

    public SqliteDatabase Database { get; }

    public SeenKeys Seen { get; }

    public static SeenFile New(int recentKeys) => new(Directory.CreateTempSubdirectory("larkspur-seen-").FullName, recentKeys);

    /// <summary>The file as a process killed at this instant would leave it, opened by the next one.</summary>
    public SeenFile AfterKill()
    {
        var copy = Directory.CreateTempSubdirectory("larkspur-seen-").FullName;
        foreach (var file in (string[])["larkspur.db", "larkspur.db-wal"])
        {
            if (File.Exists(Path.Combine(Folder, file))) File.Copy(Path.Combine(Folder, file), Path.Combine(copy, file));
        }

        return new SeenFile(copy, _options.RecentKeys);
    }

    public static InboundEvent Event(int number, int? message = null) => new()
    {
        Platform = "feishu", App = "default", EventId = $"ev_{number}", EventType = "im.message.receive_v1", OrderingKey = "chat:oc", ChatId = "oc",
        MessageId = $"om_{message ?? number}", UniqueByMessage = true, ReceivedAt = DateTimeOffset.UnixEpoch, Payload = "{}"u8.ToArray(),
    };

    public static NewEvent[] Events(int from, int count) => [.. Enumerable.Range(from, count).Select(i => new NewEvent(Event(i), null))];

    public Task<IReadOnlyList<Appended>> AppendAsync(params NewEvent[] events) => Database.TransactAsync(unit => _store.AppendAsync(unit, events));

    /// <summary>Records events and fails.</summary>
    public Task AppendAndFailAsync(params NewEvent[] events) => Database.TransactAsync<bool>(async unit =>
    {
        await _store.AppendAsync(unit, events);
        throw new NotSupportedException("on purpose");
    });

    /// <summary>What comes until it is disposed waits for the writer, and shares a commit then.</summary>
    public async Task<IDisposable> HoldWriterAsync()
    {
        var held = new HeldWriter();
        var holding = new TaskCompletionSource();
        _ = Database.TransactAsync(_ =>
        {
            holding.TrySetResult();
            held.Wait();
            return ValueTask.FromResult(true);
        });
        await holding.Task;
        return held;
    }

    /// <summary>One transaction of the merge; false when there is no more.</summary>
    public Task<bool> MergeAsync(int keys, bool fail = false) => Database.TransactAsync(unit =>
    {
        var more = Seen.Merge(SqliteUnitOfWork.Of(unit), keys);
        return fail ? throw new NotSupportedException("on purpose") : ValueTask.FromResult(more);
    });

    public Task<IReadOnlyList<InboxItem>> FindAsync(int number) => _store.FindAsync($"ev_{number}", CancellationToken.None);

    public Task<int> PruneAsync() => Database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE inbox SET status = 1");
        var old = _store.Ended(DateTimeOffset.UtcNow);
        return await _store.ForgetAsync(unit, old, await unit.QueryAsync("SELECT id FROM inbox ORDER BY id", static row => row.GetInt64(0)));
    });

    public Task<long?> NumberAsync(string sql) => Database.ReadAsync(read => read.NumberAsync(sql));

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class HeldWriter : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public void Wait() => _released.Wait();

        public void Dispose() => _released.Set();
    }
}

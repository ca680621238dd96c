namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>The rows of the key ring.</summary>
internal sealed class KeyStore : IDisposable
{
    /// <summary>What whoever runs the gateway does with readable keys beside sealed ones.</summary>
    public const string RemovesReadable = "DELETE FROM data_protection_key WHERE master IS NULL";

    private readonly IDatabase _database;
    private readonly TimeProvider _clock;
    private readonly CachedTable<List<long>, RingState> _watched;

    public KeyStore(IDatabase database, TimeProvider clock, ILogger<KeyStore> logger)
    {
        (_database, _clock) = (database, clock);
        _watched = new CachedTable<List<long>, RingState>("key_ring", new RingState(0), database,
            static sql => sql.QueryAsync("SELECT number FROM data_protection_key", static row => row.GetInt64(0)), static (version, _) => new RingState(version), logger);
    }

    /// <summary>Tells every process that keys came or went.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>Calls when keys came or went, in this process or another.</summary>
    public IDisposable OnChange(Action changed) => _watched.OnChange(_ => changed());

    public Task<List<StoredKey>> AllAsync(CancellationToken cancellation) => _database.ReadAsync(ReadAsync, cancellation);

    /// <summary>Those that count. Where one is sealed, a readable one was put there by somebody with the database and without the master key, who
    /// knows it.</summary>
    public static List<StoredKey> Trusted(List<StoredKey> rows) =>
        rows.Exists(row => row.Master is not null) ? rows.FindAll(row => row.Master is not null) : rows;

    /// <summary>As <see cref="AllAsync"/>, in a transaction of the caller's.</summary>
    public static ValueTask<List<StoredKey>> ReadAsync(ISql sql) => sql.QueryAsync(
        "SELECT number, name, element, master, was_plain, created_at FROM data_protection_key ORDER BY number",
        static row => new StoredKey(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetInt64(4) == 1, row.Time(5)));

    /// <summary>Adds an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">XML, or what it became under the master key.</param>
    /// <param name="master">The master key's fingerprint.</param>
    /// <param name="seen">Only if nobody has added one since this number: two processes that find the ring empty would both make a key, and neither would know the
    /// other's until its next look, up to a day later. Null: in any case.</param>
    /// <returns>False when it was left out.</returns>
    public Task<bool> AddAsync(string name, string element, string master, long? seen) => _database.TransactAsync(async unit =>
    {
        await LockAsync(unit);
        if (seen is { } number && await unit.NumberAsync("SELECT COUNT(*) FROM data_protection_key WHERE number > $1", number) > 0) return false;
        await unit.ExecuteAsync("INSERT INTO data_protection_key (name, element, master, created_at) VALUES ($1, $2, $3, $4)",
            name, element, master, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        await _watched.ChangedAsync(unit);
        return true;
    });

    /// <summary>Puts the same element under another seal, unless it has changed meanwhile.</summary>
    public Task ReplaceAsync(StoredKey old, string element, string master, CancellationToken cancellation) => _database.TransactAsync(async unit =>
        await unit.ExecuteAsync("UPDATE data_protection_key SET element = $2, master = $3 WHERE number = $1 AND element = $4",
            old.Number, element, master, old.Element), cancellation);

    /// <summary>Seals a ring that is readable as a whole, and notes that it was. All at once: one that is half sealed is not trusted by
    /// halves (<see cref="Trusted"/>).</summary>
    /// <returns>How many elements; 0: there is none, or one is sealed already.</returns>
    public Task<int> SealAllAsync(Func<StoredKey, string> seal, string master, CancellationToken cancellation) =>
        _database.TransactAsync(async unit =>
    {
        await LockAsync(unit);
        var rows = await ReadAsync(unit);
        if (rows.Exists(row => row.Master is not null)) return 0;
        foreach (var row in rows)
        {
            await unit.ExecuteAsync("UPDATE data_protection_key SET element = $2, master = $3, was_plain = 1 WHERE number = $1",
                row.Number, seal(row), master);
        }

        return rows.Count;
    }, cancellation);

    /// <summary>Takes the ring for a master key that this process has made by itself.</summary>
    /// <returns>False: another process has made one.</returns>
    public Task<bool> ClaimAsync(string master, CancellationToken cancellation) => _database.TransactAsync(async unit =>
        await unit.ExecuteAsync("UPDATE data_protection_ring SET master = $1 WHERE id = 1 AND (master IS NULL OR master = $1)", master) == 1
            && await unit.NumberAsync("SELECT COUNT(*) FROM data_protection_key WHERE master IS NOT NULL AND master <> $1", master) == 0, cancellation);

    /// <summary>Takes a key out, in a transaction that began with <see cref="LockAsync"/>.</summary>
    public async ValueTask RemoveAsync(IUnitOfWork unit, IEnumerable<StoredKey> keys)
    {
        foreach (var key in keys) await unit.ExecuteAsync("DELETE FROM data_protection_key WHERE number = $1", key.Number);
        await _watched.ChangedAsync(unit);
    }

    /// <summary>One process at a time changes the ring. To be a transaction's first statement.</summary>
    public static async ValueTask LockAsync(IUnitOfWork unit) => await unit.ExecuteAsync("UPDATE data_protection_ring SET changes = changes + 1 WHERE id = 1");

    public void Dispose() => _watched.Dispose();

    /// <param name="Version">Grows with each change.</param>
    private sealed record RingState(long Version);
}

/// <summary>An element of the key ring as it is stored.</summary>
/// <param name="Number">In order of arrival.</param>
/// <param name="Name">Data Protection's name for it: <c>key-</c> and the key's id.</param>
/// <param name="Element">XML, or sealed XML.</param>
/// <param name="Master">Fingerprint of the master key that sealed it; null: plain.</param>
/// <param name="WasPlain">It was readable in the database once, or may have been.</param>
/// <param name="CreatedAt">When it was added.</param>
internal sealed record StoredKey(long Number, string Name, string Element, string? Master, bool WasPlain, DateTimeOffset CreatedAt)
{
    private const string Prefix = "key-";

    /// <summary>The key's id; null: the element is no key (a revocation).</summary>
    public Guid? KeyId => Name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParse(Name.AsSpan(Prefix.Length), out var id) ? id : null;

    /// <summary>A key that has to be replaced.</summary>
    public bool IsToGo => WasPlain && KeyId is not null;
}

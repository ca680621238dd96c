namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>The rows of the key ring.</summary>
internal sealed class KeyStore(IDatabase database, TimeProvider clock)
{
    public Task<List<StoredKey>> AllAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        "SELECT number, name, element, master FROM data_protection_key ORDER BY number",
        static row => new StoredKey(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Text(3))), cancellation);

    /// <summary>Adds an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">XML, or what it became under the master key.</param>
    /// <param name="master">The master key's fingerprint.</param>
    /// <param name="seen">Only if nobody has added one since this number: two processes that find the ring empty would both make a key, and neither would know the
    /// other's until its next look, up to a day later. Null: in any case.</param>
    /// <returns>False when it was left out.</returns>
    public Task<bool> AddAsync(string name, string element, string? master, long? seen) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("UPDATE data_protection_ring SET changes = changes + 1 WHERE id = 1");
        if (seen is { } number && await unit.NumberAsync("SELECT COUNT(*) FROM data_protection_key WHERE number > $1", number) > 0) return false;
        await unit.ExecuteAsync("INSERT INTO data_protection_key (name, element, master, created_at) VALUES ($1, $2, $3, $4)",
            name, element, master, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return true;
    });

    /// <summary>Puts the same element under another seal, unless it has changed meanwhile.</summary>
    public Task ReplaceAsync(StoredKey old, string element, string master, CancellationToken cancellation) => database.TransactAsync(async unit =>
        await unit.ExecuteAsync("UPDATE data_protection_key SET element = $2, master = $3 WHERE number = $1 AND element = $4", old.Number, element, master, old.Element), cancellation);
}

/// <summary>An element of the key ring as it is stored.</summary>
/// <param name="Number">In order of arrival.</param>
/// <param name="Name">Data Protection's name for it.</param>
/// <param name="Element">XML, or sealed XML.</param>
/// <param name="Master">Fingerprint of the master key that sealed it; null: plain.</param>
internal sealed record StoredKey(long Number, string Name, string Element, string? Master);

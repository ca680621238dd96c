using System.Text;
using Larkspur.Gateway.Common;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>
/// Replaces keys that were readable in the database once: sealing them does not call back a copy that somebody has made. A new key is
/// made under the seal, every process takes it, what the old ones have encrypted in registered columns is encrypted anew, and the old
/// ones go. What else they have encrypted (cookies, forms) ends.
/// </summary>
/// <remarks>
/// What is to be done stands in the tables, so that a start goes on where the last one ended, and two processes may do it at the same
/// time: the changes of rows are made only while these are as they were read, and the old keys go in the transaction that has found
/// nothing of theirs any more.
/// </remarks>
internal sealed partial class KeyReplacing(KeyStore store, KeyRepository repository, FollowedKeyManager manager,
    IEnumerable<SealedColumns> columns, IDatabase database,
    IDataProtectionProvider protection, KeyRingOptions options, TimeProvider clock, ILogger<KeyReplacing> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private const int MostLooks = 50;

    private readonly SealedColumns[] _columns = [.. columns];

    /// <summary>Does what there is to do. The ring is sealed already.</summary>
    /// <exception cref="StorageUnavailableException">The database is away; to be called again.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var rows = KeyStore.Trusted(await store.AllAsync(stopping));
        var old = rows.Where(row => row.IsToGo).ToArray();
        if (old.Length == 0) return;
        var ids = old.Select(row => row.KeyId!.Value).ToHashSet();
        var fresh = FreshOf(rows) ?? await MakeAsync(evenIfThereIsOne: false, stopping);
        await InUseAsync(ids, stopping);
        // The others take the new key when they hear of it, or at their next look at the tables.
        if (database.Dialect == Dialect.Postgres && fresh.CreatedAt + options.Settle - clock.GetUtcNow() is var wait
            && wait > TimeSpan.Zero) await Task.Delay(wait, clock, stopping);
        var renewed = 0;
        while (true)
        {
            var (changed, gone) = await RenewAsync(old, ids, stopping);
            renewed += changed;
            if (gone) break;
        }

        manager.Expire();
        // Makes the ring be read anew: what the old keys have made ends now, not at the next use.
        protection.CreateProtector("key-ring-probe").Protect([1]);
        KeysReplaced(old.Length, renewed);
    }

    private static StoredKey? FreshOf(IEnumerable<StoredKey> rows) => rows.LastOrDefault(row => row.KeyId is not null && !row.IsToGo);

    private async Task<StoredKey> MakeAsync(bool evenIfThereIsOne, CancellationToken stopping)
    {
        // So that what the repository has seen is what there is: a key of another process made since then is taken, and no second one is
        // made. One made before, but after this process has looked last, is found here.
        repository.GetAllElements();
        if (!evenIfThereIsOne && FreshOf(KeyStore.Trusted(await store.AllAsync(stopping))) is { } made) return made;
        // Data Protection compares with this machine's own clock.
        var now = TimeProvider.System.GetUtcNow();
        manager.CreateNewKey(now, now + Lifetime);
        return FreshOf(KeyStore.Trusted(await store.AllAsync(stopping)))!;
    }

    /// <summary>Waits until this process encrypts with a new key; the ring is read anew in the background.</summary>
    private async Task InUseAsync(HashSet<Guid> old, CancellationToken stopping)
    {
        var probe = protection.CreateProtector("key-ring-probe");
        manager.Expire();
        for (var look = 1; SealedText.KeyOf(probe.Protect([1])) is { } key && old.Contains(key); look++)
        {
            // One that Data Protection has made for later does not help now.
            if (look % MostLooks == 0) await MakeAsync(evenIfThereIsOne: true, stopping);
            await Task.Delay(Look, TimeProvider.System, stopping);
        }
    }

    /// <summary>Encrypts anew what it finds, and removes the old keys if nothing is left of theirs.</summary>
    private async Task<(int Changed, bool Gone)> RenewAsync(StoredKey[] old, HashSet<Guid> ids, CancellationToken stopping)
    {
        var changes = new List<Change>();
        foreach (var part in _columns)
        {
            (SealedPurpose, IDataProtector)[] protectors = [.. part.Purposes.Select(p => (p, protection.CreateProtector(p.Name)))];
            foreach (var value in await database.ReadAsync(sql => ValuesAsync(sql, part), stopping))
            {
                if (SealedText.Has(value.Text, ids) && SealedText.Renewed(value.Text, ids, protectors) is var text
                    && text != value.Text) changes.Add(new(part, value, text));
            }
        }

        // Whatever could not be opened even with the old keys is lost already, and does not keep them.
        var lost = new HashSet<string>(StringComparer.Ordinal);
        return await database.TransactAsync(async unit =>
        {
            await KeyStore.LockAsync(unit);
            var changed = 0;
            foreach (var change in changes) changed += await ApplyAsync(unit, change);
            foreach (var revision in changes.Select(c => c.Part.Revision).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                var version = await unit.QueryAsync("UPDATE revision SET version = version + 1 WHERE name = $1 RETURNING version",
                    static row => row.GetInt64(0), revision);
                if (version is [var number]) unit.Announce(Leases.Topics.Settings, number);
            }

            lost.Clear();
            foreach (var part in _columns)
            {
                foreach (var value in await ValuesAsync(unit, part))
                {
                    if (SealedText.Has(value.Text, ids)) lost.Add($"{part.Table}.{value.Column} {value.Id}");
                }
            }

            // Changed by somebody else meanwhile: once more. Nothing was changed, and still something is there: nobody can open it.
            if (lost.Count > 0 && changes.Count > 0) return (changed, false);
            await store.RemoveAsync(unit, old);
            return (changed, true);
        }, stopping) switch
        {
            (var changed, true) when lost.Count > 0 => Told(changed, lost),
            var done => done,
        };
    }

    private (int, bool) Told(int changed, HashSet<string> lost)
    {
        ValuesLost(string.Join(", ", lost.Take(20)));
        return (changed, true);
    }

    private static async ValueTask<int> ApplyAsync(IUnitOfWork unit, Change change)
    {
        var (part, value) = (change.Part, change.Value);
        object text = part.AreBytes ? Encoding.UTF8.GetBytes(change.Text) : change.Text;
        object before = part.AreBytes ? Encoding.UTF8.GetBytes(value.Text) : value.Text;
        return await unit.ExecuteAsync($"UPDATE {part.Table} SET {value.Column} = $1 WHERE {part.Id} = $2 AND {value.Column} = $3", text,
            value.Id, before);
    }

    private static async ValueTask<List<Value>> ValuesAsync(ISql sql, SealedColumns part)
    {
        var found = new List<Value>();
        foreach (var column in part.Columns)
        {
            found.AddRange(await sql.QueryAsync($"SELECT {part.Id}, {column} FROM {part.Table} WHERE {column} IS NOT NULL{(part.Where is null ? "" : $" AND {part.Where}")}",
                row => new Value(column, row.GetValue(0), part.AreBytes ? Encoding.UTF8.GetString(row.Bytes(1)) : row.GetString(1))));
        }

        return found;
    }

    /// <param name="Column">Where it is.</param>
    /// <param name="Id">Of its row: a number or a text.</param>
    /// <param name="Text">The value.</param>
    private sealed record Value(string Column, object Id, string Text);

    private sealed record Change(SealedColumns Part, Value Value, string Text);

    [LoggerMessage(LogLevel.Warning, "{Keys} of the key ring that were readable in the database once were replaced, and {Values} stored "
        + "values encrypted anew. Backups from before still tell what they hold: change those secrets if one may have been read")]
    private partial void KeysReplaced(int keys, int values);
    [LoggerMessage(LogLevel.Error,
        "These values could not be opened with the keys that were replaced, and cannot be read any more: {Values}. Set them again")]
    private partial void ValuesLost(string values);
}

/// <summary>How the key ring is kept. Section <c>Larkspur:KeyRing</c>.</summary>
internal sealed class KeyRingOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:KeyRing";

    /// <summary>How long processes on one PostgreSQL have to take a new key before an old one goes. They hear of it at once and look
    /// every 5 s; default 1 min.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromMinutes(1);
}

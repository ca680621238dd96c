using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>
/// Connections to a company's own data, as administrators make, change and remove them. A connection opens a database or a file of the
/// gateway's machine: a business system uses those that it was given, and makes none.
/// </summary>
internal sealed partial class ConnectionStore(IDatabase database, AuditTrail audit, IDataProtectionProvider protection,
    SecretRegistry secrets,
    TimeProvider clock, ILogger<ConnectionStore> logger) : IConnections
{
    public const string Purpose = "sync connections";
    public const int Most = 100;

    // At the first connection: the key ring is in the database, and making its first key is a write.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));

    public Task<List<ConnectionRow>> AllAsync(CancellationToken cancellation) => database.ReadAsync(ConnectionRow.AllAsync, cancellation);

    public Task<ConnectionRow?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => ConnectionRow.FindAsync(sql, name), cancellation);

    public async Task<SourceConnection?> FindAsync(string owner, string name, CancellationToken cancellation) =>
        await FindAsync(name, cancellation) is { } row && (owner.Length == 0 || row.Owner == owner) ? Open(row) : null;

    /// <summary>A connection with its address.</summary>
    /// <exception cref="SideStoppedException">It cannot be decrypted.</exception>
    public SourceConnection Open(ConnectionRow row)
    {
        try
        {
            var address = _protector.Value.Unprotect(row.Address);
            secrets.Tell("sync connection " + row.Name, [address]);
            return new(row.Name, row.Kind, row.Owner, address);
        }
        catch (CryptographicException e)
        {
            Unreadable(row.Name, e);
            throw new SideStoppedException(Problems.Broken, "unreadable_address", e) { Side = Gateway.Syncs.Mapping.SideName.Source };
        }
    }

    /// <summary>Makes a connection, or changes one.</summary>
    /// <param name="by">An administrator.</param>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="address">A path or connection string.</param>
    /// <param name="shown">What may be shown of it.</param>
    /// <param name="owner">The business system that may use it; empty: administrators alone.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>It as it is, and whether it is new.</returns>
    /// <exception cref="SyncRefusedException"><c>too_many</c>, <c>name_in_use</c>.</exception>
    public async Task<(ConnectionRow Row, bool IsNew)> PutAsync(
        KeyGrant by, string name, string kind, string address, string shown, string owner, CancellationToken cancellation)
    {
        var sealedAddress = _protector.Value.Protect(address);
        return await database.TransactAsync(async unit =>
        {
            var (before, now) = (await ConnectionRow.FindAsync(unit, name), clock.GetUtcNow());
            if (before is not null && !by.MayRead(before.Owner)) throw new SyncRefusedException("name_in_use", "/{name}");
            if (before is not null && !by.MayChange(before.Owner)) throw new SyncRefusedException("system_not_held", null);
            if (before is null && (await ConnectionRow.AllAsync(unit)).Count >= Most) throw new SyncRefusedException("too_many", null);
            var row = new ConnectionRow(name, kind, owner, sealedAddress, shown, before?.CreatedAt ?? now, now, by.Who.Name);
            await ConnectionRow.SaveAsync(unit, row);
            await audit.AddAsync(unit, by.Who, before is null ? "sync_connection.created" : "sync_connection.changed", name,
                new JsonObject { ["kind"] = kind, ["shown"] = shown, ["system"] = owner });
            return (row, before is null);
        }, cancellation);
    }

    /// <summary>Forgets a connection. Syncs that use it stop.</summary>
    /// <returns>False: for this caller there is none.</returns>
    public Task<bool> RemoveAsync(KeyGrant by, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await ConnectionRow.FindAsync(unit, name) is not { } row || !by.MayRead(row.Owner)) return false;
        if (!by.MayChange(row.Owner)) throw new SyncRefusedException("system_not_held", null);
        await ConnectionRow.RemoveAsync(unit, name);
        await audit.AddAsync(unit, by.Who, "sync_connection.removed", name, new JsonObject { ["kind"] = row.Kind });
        return true;
    }, cancellation);

    [LoggerMessage(LogLevel.Error, "The address of sync connection {Connection} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is"
        + " another one. Set it again")]
    private partial void Unreadable(string connection, Exception error);
}

/// <summary>Something of a sync cannot be done so.</summary>
/// <param name="word">Why.</param>
/// <param name="pointer">Where the request says so; null: nowhere.</param>
internal sealed class SyncRefusedException(string word, string? pointer) : Exception(word)
{
    public string Word { get; } = word;

    public string? Pointer { get; } = pointer;
}

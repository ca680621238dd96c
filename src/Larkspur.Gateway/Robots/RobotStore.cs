using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Robots;

/// <summary>
/// Robots, added, changed and taken away while the gateway runs; all processes follow (<see cref="CachedTable{TRows, T}"/>).
/// </summary>
/// <remarks>
/// Address and secret are encrypted in the table. How a robot fares is written past this copy (<see cref="RobotHealth"/>).
/// </remarks>
internal sealed partial class RobotStore : IDisposable
{
    /// <summary>All processes keep all of them in memory.</summary>
    public const int Most = 1000;

    /// <summary>Of one system: it does not take the others' places.</summary>
    public const int MostOfSystem = 200;

    public const string Purpose = "robots";

    private const string Columns =
        "id, name, platform, address, secret, description, enabled, app, owner, created_at, changed_at, changed_by";

    private readonly AuditTrail _audit;
    private readonly RobotPlatforms _platforms;
    private readonly SecretRegistry _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger<RobotStore> _logger;
    private readonly Lazy<IDataProtector> _protector;
    private readonly CachedTable<List<Row>, Known> _watched;

    public RobotStore(IDatabase database, AuditTrail audit, RobotPlatforms platforms, IDataProtectionProvider protection,
        SecretRegistry redaction, TimeProvider clock, ILogger<RobotStore> logger)
    {
        (_audit, _platforms, _redaction, _clock, _logger) = (audit, platforms, redaction, clock, logger);
        // At the first robot: the key ring is in the database, and making its first key is a write.
        _protector = new Lazy<IDataProtector>(() => protection.CreateProtector(Purpose));
        _watched = new CachedTable<List<Row>, Known>("robots",
            new Known(FrozenDictionary<string, Item>.Empty, FrozenDictionary<string, Item>.Empty),
            database, ReadAsync, KnownOf, logger);
    }

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>By name.</summary>
    public IEnumerable<Robot> All => _watched.Now.ByName.Values.Select(i => i.Robot).OrderBy(r => r.Name, StringComparer.Ordinal);

    /// <summary>The robot of a name; null: there is none.</summary>
    public Robot? Find(string name) => _watched.Now.ByName.GetValueOrDefault(name)?.Robot;

    /// <summary>The robot of an id; null: it was deleted.</summary>
    public Robot? FindById(string id) => _watched.Now.ById.GetValueOrDefault(id)?.Robot;

    /// <summary>Adds a robot, or changes what <paramref name="change"/> names of one.</summary>
    /// <returns>True: it is new.</returns>
    /// <exception cref="RobotRefusedException">There are too many, a new one lacks its platform or its address, or it is not the
    /// caller's.</exception>
    public async Task<bool> PutAsync(KeyGrant by, string name, RobotChange change, CancellationToken cancellation)
    {
        var address = change.Address is { } given ? _protector.Value.Protect(given.AbsoluteUri) : null;
        var secret = change.Secret is { } signs ? _protector.Value.Protect(signs) : null;
        return await _watched.ChangeAsync(async unit =>
        {
            var now = _clock.GetUtcNow();
            if (await FindAsync(unit, name) is not { } before)
            {
                if (change.MustExist) throw new RobotRefusedException("not_found");
                if (address is null || change.Platform is not { } platform) throw new RobotRefusedException("missing");
                var owner = change.Owner ?? by.Owner;
                if (await unit.NumberAsync("SELECT COUNT(*) FROM robot") >= Most
                    || (owner.Length > 0 && await unit.NumberAsync("SELECT COUNT(*) FROM robot WHERE owner = $1", owner) >= MostOfSystem))
                    throw new RobotRefusedException("too_many_robots");
                await AddAsync(unit, new Row(Guid.NewGuid().ToString("N"), name, platform, address, secret, change.Description ?? "",
                    change.Enabled ?? true, AppOf(by), owner, now, now, by.Who.Name));
                await _audit.AddAsync(unit, by.Who, "robot.created", name, Detail(change));
                return true;
            }

            Demand(by, before, "name_in_use");
            if (change.MustBeNew) throw new RobotRefusedException("name_in_use");
            if (change.Platform is { } other && other != before.Platform) throw new RobotRefusedException("platform_stays");
            await UpdateAsync(unit, before with
            {
                Address = address ?? before.Address, Secret = change.DropSecret ? null : secret ?? before.Secret,
                Description = change.Description ?? before.Description, Enabled = change.Enabled ?? before.Enabled,
                Owner = change.Owner ?? before.Owner, ChangedAt = now, ChangedBy = by.Who.Name,
            });
            // Another address is another robot on the platform: how the one before fared says nothing of it.
            if (address is not null) await RobotHealth.ForgetAsync(unit, before.Id);
            await _audit.AddAsync(unit, by.Who, ActionOf(change), name, Detail(change));
            return false;
        }, cancellation);
    }

    /// <summary>Takes a robot away. What waits for it becomes dead letters when its turn comes; its name is free at once.</summary>
    /// <returns>False: there is none.</returns>
    /// <exception cref="RobotRefusedException">It is not the caller's.</exception>
    public Task<bool> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation) => _watched.ChangeAsync(async unit =>
    {
        if (await FindAsync(unit, name) is not { } before) return false;
        Demand(by, before, "not_found");
        await unit.ExecuteAsync("DELETE FROM robot WHERE id = $1", before.Id);
        await _audit.AddAsync(unit, by.Who, "robot.deleted", name);
        return true;
    }, cancellation);

    public void Dispose() => _watched.Dispose();

    /// <summary>Switching is a line of its own, for whoever looks for it.</summary>
    private static string ActionOf(RobotChange change) =>
        change is { Address: null, Secret: null, DropSecret: false, Description: null, Owner: null, Enabled: { } enabled }
            ? enabled ? "robot.enabled" : "robot.disabled" : "robot.changed";

    /// <summary>What is said of addresses and secrets is whether they changed: an address is one.</summary>
    private static JsonObject Detail(RobotChange change)
    {
        var detail = new JsonObject();
        if (change.Platform is { } platform) detail["platform"] = platform;
        if (change.Address is { } address) detail["host"] = address.Authority;
        if (change.Secret is not null) detail["secret"] = true;
        if (change.DropSecret) detail["secret"] = false;
        if (change.Description is { } description) detail["description"] = description;
        if (change.Enabled is { } enabled) detail["enabled"] = enabled;
        if (change.Owner is { } owner) detail["system"] = owner;
        return detail;
    }

    /// <summary>The app under whose name its rows stand: one that the key is bound to.</summary>
    private static string AppOf(KeyGrant by) => by.Reach?.Apps is [var first, ..] && !by.MayUse(AppNames.Default) ? first
        : AppNames.Default;

    private static void Demand(KeyGrant by, Row before, string missing)
    {
        if (!by.MayRead(before.Owner) || !by.MayUse(before.App)) throw new RobotRefusedException(missing);
        if (!by.MayChange(before.Owner)) throw new RobotRefusedException("system_not_held");
    }

    private static async ValueTask AddAsync(IUnitOfWork unit, Row row) => await unit.ExecuteAsync(
        $"INSERT INTO robot ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.Id, row.Name, row.Platform, row.Address, row.Secret, row.Description, row.Enabled ? 1 : 0, row.App, row.Owner,
        row.CreatedAt.ToUnixTimeMilliseconds(), row.ChangedAt.ToUnixTimeMilliseconds(), row.ChangedBy);

    private static async ValueTask UpdateAsync(IUnitOfWork unit, Row row) => await unit.ExecuteAsync("""
        UPDATE robot SET address = $2, secret = $3, description = $4, enabled = $5, owner = $6, changed_at = $7, changed_by = $8
        WHERE id = $1
        """, row.Id, row.Address, row.Secret, row.Description, row.Enabled ? 1 : 0, row.Owner, row.ChangedAt.ToUnixTimeMilliseconds(),
        row.ChangedBy);

    private static ValueTask<Row?> FindAsync(IUnitOfWork unit, string name) =>
        unit.FirstAsync($"SELECT {Columns} FROM robot WHERE name = $1", Read, name);

    private static ValueTask<List<Row>> ReadAsync(ISql sql) => sql.QueryAsync($"SELECT {Columns} FROM robot", Read);

    private static Row Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Text(4), row.GetString(5), row.GetInt64(6) != 0,
        row.GetString(7), row.GetString(8), row.Time(9), row.Time(10), row.GetString(11));

    private Known KnownOf(long version, List<Row> rows)
    {
        var before = _watched.Now;
        var items = rows.Select(row => before.ById.TryGetValue(row.Id, out var known) && known.Row == row ? known : ItemOf(row)).ToList();
        // Whoever adds a robot has chosen them: what else stands in a log must not vanish by it.
        _redaction.Tell("robots", [], items.SelectMany(i => new[] { i.Robot.Credential, i.Robot.Secret }).OfType<string>());
        return new Known(items.ToFrozenDictionary(i => i.Row.Name, StringComparer.Ordinal),
            items.ToFrozenDictionary(i => i.Row.Id, StringComparer.Ordinal));
    }

    private Item ItemOf(Row row)
    {
        var address = Unprotect(row, row.Address) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
        // Asked anew: an address that the configuration does not name any more is not called.
        var credential = address is null ? null : _platforms.Find(row.Platform)?.Place.CredentialOf(address);
        var shared = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential ?? row.Id)).AsSpan(0, 12));
        return new Item(row, new Robot
        {
            Id = row.Id, Name = row.Name, Platform = row.Platform, Address = address, Credential = credential,
            Secret = row.Secret is { } hidden ? Unprotect(row, hidden) : null, Signs = row.Secret is not null,
            Description = row.Description, Enabled = row.Enabled, App = row.App, Owner = row.Owner, CreatedAt = row.CreatedAt,
            ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy, Budget = $"robot {row.Platform} {shared}",
        });
    }

    private string? Unprotect(Row row, string hidden)
    {
        try
        {
            return _protector.Value.Unprotect(hidden);
        }
        catch (CryptographicException e)
        {
            RobotUnreadable(row.Name, e);
            return null;
        }
    }

    /// <summary>As it lies in the table; equal rows are the same robot.</summary>
    private sealed record Row(string Id, string Name, string Platform, string Address, string? Secret, string Description, bool Enabled,
        string App, string Owner, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, string ChangedBy);

    /// <summary>Not a record: its text would show the secrets.</summary>
    private sealed class Item(Row row, Robot robot)
    {
        public Row Row { get; } = row;

        public Robot Robot { get; } = robot;
    }

    private sealed record Known(FrozenDictionary<string, Item> ByName, FrozenDictionary<string, Item> ById);

    [LoggerMessage(LogLevel.Error,
        "The group robot {Robot} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another one. Set its address and secret "
            + "again")]
    private partial void RobotUnreadable(string robot, Exception error);
}

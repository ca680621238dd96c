using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>Targets as administrators make, change and remove them, and what they ask of them.</summary>
internal sealed partial class TargetStore(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, SecretRegistry secrets,
    TargetSignal signal, TimeProvider clock, ILogger<TargetStore> logger)
{
    public const string Purpose = "scim targets";

    /// <summary>There may be no more: each costs a look at all people every night.</summary>
    public const int Most = 100;

    /// <summary>So many of one system: it leaves the others theirs.</summary>
    public const int MostOfOne = 20;

    // At the first target: the key ring is in the database, and making its first key is a write.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));

    public Task<TargetRow?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => TargetRow.FindAsync(sql, name), cancellation);

    public Task<List<TargetRow>> AllAsync(CancellationToken cancellation) => database.ReadAsync(TargetRow.AllAsync, cancellation);

    /// <summary>Makes a target, or changes one; everything is compared with it then.</summary>
    /// <returns>The target as it is, and whether it is new.</returns>
    /// <exception cref="TargetRefusedException">There are too many, it is another's, or another address lacks its token.</exception>
    public async Task<(TargetRow Row, bool IsNew)> PutAsync(KeyGrant by, string name, TargetChange change, CancellationToken cancellation)
    {
        var token = change.Token is { } given ? _protector.Value.Protect(given) : null;
        var done = await database.TransactAsync(async unit =>
        {
            // Whoever changes people has noted it for this target, or is seen by its first comparison.
            await PersonRows.LockAsync(unit);
            var now = clock.GetUtcNow();
            return await TargetRow.FindAsync(unit, name) is { } before
                ? (await ChangeAsync(unit, by, before, change, token, now), false)
                : (await MakeAsync(unit, by, name, change, token, now), true);
        }, cancellation);
        signal.Wake();
        return done;
    }

    /// <summary>Forgets a target; what stands there stays as it is.</summary>
    /// <returns>False: for this caller there is none.</returns>
    /// <exception cref="TargetRefusedException"><c>system_not_held</c>: it is another system's.</exception>
    public Task<bool> RemoveAsync(KeyGrant by, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        if (await HeldAsync(unit, by, name) is not { } row) return false;
        await unit.ExecuteAsync("DELETE FROM scim_target WHERE id = $1", row.Id);
        await ResourceRows.ForgetAsync(unit, row.Id);
        await PushedChanges.ForgetUnreadAsync(unit);
        await audit.AddAsync(unit, by.Who, "scim_target.removed", name, new() { ["host"] = new Uri(row.Url).Authority });
        return true;
    }, cancellation);

    /// <summary>Asks for a comparison of everything now, and lets a target that was paused or left alone begin again.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The target.</param>
    /// <param name="confirm">Who waits to be deactivated may be.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: for this caller there is none.</returns>
    /// <exception cref="TargetRefusedException"><c>system_not_held</c>: it is another system's.</exception>
    public async Task<TargetRow?> AskAsync(KeyGrant by, string name, bool confirm, CancellationToken cancellation)
    {
        var asked = await database.TransactAsync(async unit =>
        {
            if (await HeldAsync(unit, by, name) is not { } row) return null;
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            await unit.ExecuteAsync("""
                UPDATE scim_target SET phase = $2, phase_after = 0, paused = NULL, not_before = NULL, tries = 0,
                  confirmed_at = CASE WHEN $3 = 1 THEN $4 ELSE confirmed_at END, asks = CASE WHEN $3 = 1 THEN 0 ELSE asks END
                WHERE id = $1
                """, row.Id, ComparePhases.Users, confirm ? 1L : 0L, now);
            await audit.AddAsync(unit, by.Who, confirm ? "scim_target.confirmed" : "scim_target.sync_asked", name,
                new() { ["waiting"] = row.Asks });
            return await TargetRow.FindAsync(unit, row.Id);
        }, cancellation);
        signal.Wake();
        return asked;
    }

    /// <summary>All targets are compared with everything, those that are paused when they go on.</summary>
    /// <returns>How many.</returns>
    public async Task<int> AskAllAsync(CancellationToken cancellation)
    {
        var asked = await database.TransactAsync(unit => unit.ExecuteAsync(
            "UPDATE scim_target SET phase = $1 WHERE phase IS NULL", ComparePhases.Users), cancellation);
        signal.Wake();
        return asked;
    }

    /// <summary>What it takes to call a target.</summary>
    /// <exception cref="ScimCallException"><c>unreadable_token</c>.</exception>
    public TargetAccess Access(TargetRow row)
    {
        try
        {
            var token = _protector.Value.Unprotect(row.Token);
            secrets.Tell("scim target " + row.Name, [token]);
            return new TargetAccess(row.Url, token);
        }
        catch (CryptographicException e)
        {
            TokenUnreadable(row.Name, e);
            throw new ScimCallException("unreadable_token", null, e);
        }
    }

    private static async ValueTask<TargetRow?> HeldAsync(IUnitOfWork unit, KeyGrant by, string name) =>
        await TargetRow.FindAsync(unit, name) is not { } row || !by.MayRead(row.Owner) ? null
            : by.MayChange(row.Owner) ? row : throw new TargetRefusedException("system_not_held", null);

    private async ValueTask<TargetRow> MakeAsync(IUnitOfWork unit, KeyGrant by, string name, TargetChange change, string? token,
        DateTimeOffset now)
    {
        if (change.Url is not { } url) throw new TargetRefusedException("missing", "/url");
        if (token is null) throw new TargetRefusedException("missing", "/token");
        if (await unit.NumberAsync("SELECT COUNT(*) FROM scim_target") >= Most) throw new TargetRefusedException("too_many", null);
        if (by.Owner.Length > 0 && await unit.NumberAsync("SELECT COUNT(*) FROM scim_target WHERE owner = $1", by.Owner) >= MostOfOne)
            throw new TargetRefusedException("too_many", null);
        var at = now.ToUnixTimeMilliseconds();
        var id = (await unit.NumberAsync("""
            INSERT INTO scim_target (name, url, token, user_name, group_kind, owner, seen, phase, created_at, changed_at, changed_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) RETURNING id
            """, name, url, token, change.UserName ?? Mapping.UserNameField.Usual, change.Groups ?? TargetRow.NoGroups, by.Owner,
            await PushedChanges.LastAsync(unit), ComparePhases.Users, at, by.Who.Name))!.Value;
        await audit.AddAsync(unit, by.Who, "scim_target.created", name, Detail(change));
        return (await TargetRow.FindAsync(unit, id))!;
    }

    private async ValueTask<TargetRow> ChangeAsync(
        IUnitOfWork unit, KeyGrant by, TargetRow before, TargetChange change, string? token, DateTimeOffset now)
    {
        if (!by.MayRead(before.Owner)) throw new TargetRefusedException("name_in_use", "/{name}");
        if (!by.MayChange(before.Owner)) throw new TargetRefusedException("system_not_held", null);
        var moves = change.Url is { } url && url != before.Url;
        // Whoever names another address would have the token sent there without knowing it.
        if (moves && token is null) throw new TargetRefusedException("missing", "/token");
        // First of all: a process that works on it writes nothing of the other address behind what is forgotten below.
        await unit.ExecuteAsync("""
            UPDATE scim_target SET url = $2, token = $3, user_name = $4, group_kind = $5, fence = fence + 1, lease_until = NULL, phase = $6,
              phase_after = 0, patch = CASE WHEN $7 = 1 THEN NULL ELSE patch END, paused = NULL, away = NULL, status = NULL, detail = NULL,
              tries = 0, not_before = NULL, asks = CASE WHEN $7 = 1 THEN 0 ELSE asks END,
              confirmed_at = CASE WHEN $7 = 1 THEN NULL ELSE confirmed_at END, changed_at = $8, changed_by = $9
            WHERE id = $1
            """, before.Id, change.Url ?? before.Url, token ?? before.Token, change.UserName ?? before.UserName,
            change.Groups ?? before.Groups, ComparePhases.Users, moves ? 1L : 0L, now.ToUnixTimeMilliseconds(), by.Who.Name);
        // Another address is another target: what has which id there is not known.
        if (moves) await ResourceRows.ForgetAsync(unit, before.Id);
        // Nobody tries again what is not pushed any more.
        if (change.Groups == TargetRow.NoGroups) await ResourceRows.LeaveGroupsAsync(unit, before.Id);
        await audit.AddAsync(unit, by.Who, "scim_target.changed", before.Name, Detail(change));
        return (await TargetRow.FindAsync(unit, before.Id))!;
    }

    /// <summary>What is said of a token is that it changed.</summary>
    private static JsonObject Detail(TargetChange change)
    {
        var detail = new JsonObject();
        if (change.Url is { } url) detail["host"] = new Uri(url).Authority;
        if (change.Token is not null) detail["token"] = true;
        if (change.UserName is { } name) detail["user_name"] = name;
        if (change.Groups is { } groups) detail["groups"] = groups;
        return detail;
    }

    [LoggerMessage(LogLevel.Error, "The token of SCIM target {Target} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another"
        + " one. Set it again")]
    private partial void TokenUnreadable(string target, Exception error);
}

/// <summary>What is to be different of a target; null: as it was. Not a record: its text would show the token.</summary>
internal sealed class TargetChange
{
    public string? Url { get; init; }

    public string? Token { get; init; }

    public string? UserName { get; init; }

    public string? Groups { get; init; }
}

/// <summary>A target cannot be changed so.</summary>
internal sealed class TargetRefusedException(string word, string? pointer) : Exception(word)
{
    public string Word { get; } = word;

    public string? Pointer { get; } = pointer;
}

/// <summary>Wakes the worker of this process.</summary>
internal sealed class TargetSignal : WorkSignal
{
    private volatile bool _othersWait;

    /// <summary>This process works on as many targets as it may, and more are due.</summary>
    public bool OthersWait
    {
        get => _othersWait;
        set => _othersWait = value;
    }
}

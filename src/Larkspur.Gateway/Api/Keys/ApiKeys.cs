using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Makes keys, changes, renews and revokes them. Nobody hands on, changes, renews or revokes more than he holds himself.</summary>
internal sealed class ApiKeys(IDatabase database, AuditTrail audit, ApiKeyCache cache, KeyHolders holders, TimeProvider clock)
{
    /// <summary>Keys that are not revoked.</summary>
    public const int Most = 500;

    public const int LongestName = 60;
    public const int NormalPerMinute = 600;
    public const int MostPerMinute = 100_000;
    public const int LongestOverlapSeconds = 7 * 24 * 60 * 60;

    /// <summary>A key's life when nobody says another.</summary>
    public static readonly TimeSpan NormalLife = TimeSpan.FromDays(365);

    /// <summary>Keys that are not revoked.</summary>
    public static async ValueTask<long> CountAsync(ISql sql) => await sql.NumberAsync("SELECT COUNT(*) FROM api_key WHERE revoked_at IS NULL") ?? 0;

    /// <summary>Makes a key.</summary>
    /// <returns>The key's text, which is shown this once, and its row.</returns>
    /// <exception cref="RequestRefusedException">It cannot be made; the word and the pointer say why.</exception>
    public async Task<(string Secret, ApiKeyRow Key)> CreateAsync(KeyGrant by, NewApiKey wanted, CancellationToken cancellation)
    {
        if (wanted is { ExpiresAt: null, Endless: false }) wanted = wanted with { ExpiresAt = DefaultEnd(by) };
        if (wanted.PerMinute is null) wanted = wanted with { PerMinute = Math.Min(NormalPerMinute, by.PerMinute ?? NormalPerMinute) };
        var reach = ReachOf(by, wanted);
        // As exact as it is kept: else the hour that a key lasts would be longer than itself.
        if (wanted.ExpiresAt is { } end) wanted = wanted with { ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()) };
        Judge(by, wanted);
        var scopes = ApiScopes.All.Where(wanted.Scopes.Contains).ToArray();
        var secret = ApiKeySecret.Make();
        var (hash, now) = (ApiKeySecret.Hash(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var row = await database.TransactAsync(async unit =>
        {
            await holders.LockAsync(unit);
            if (await CountAsync(unit) >= Most)
                throw RequestRefusedException.Impossible("too_many", null, $"There are {Most} keys. Revoke some that nobody uses.");
            await DemandNameAsync(unit, by, wanted.Name);
            var holder = await holders.JudgeAsync(unit, by, wanted.SetsHolder ? wanted.Holder : by.Holder);
            if (await unit.ExecuteAsync("""
                INSERT INTO api_key
                  (name, prefix, hash, scopes, per_minute, created_at, created_by, expires_at, system, apps, issuers, addresses, holder)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING
                """, wanted.Name, ApiKeySecret.Prefix(secret), hash, string.Join(' ', scopes), wanted.PerMinute, now, by.Who.Name, wanted.ExpiresAt?.ToUnixTimeMilliseconds(),
                reach.System, KeyReach.Text(reach.Apps), KeyReach.Text(reach.Issuers), KeyReach.Text(reach.Addresses), holder) == 0)
                throw InUse();
            await audit.AddAsync(unit, by.Who, "api_key.created", wanted.Name, new JsonObject
            {
                ["prefix"] = ApiKeySecret.Prefix(secret), ["scopes"] = new JsonArray([.. scopes.Select(s => (JsonNode?)s)]), ["requests_per_minute"] = wanted.PerMinute, ["expires_at"] = wanted.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture),
                ["reach"] = reach.Detail(), ["holder"] = holder,
            });
            unit.AfterCommit(cache.Forget);
            return (await unit.FirstAsync($"SELECT {ApiKeyRow.Columns} FROM api_key WHERE hash = $1", ApiKeyRow.Read, hash))!;
        }, cancellation);
        return (secret, row);
    }

    /// <summary>Keys, the newest first.</summary>
    /// <param name="revoked">With those that were revoked.</param>
    /// <param name="before">Only older ones than this id; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<List<ApiKeyRow>> ListAsync(bool revoked, long? before, int limit, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync(
        $"SELECT {ApiKeyRow.Columns} FROM api_key WHERE id < $1{(revoked ? "" : " AND revoked_at IS NULL")} ORDER BY id DESC LIMIT $2", ApiKeyRow.Read, before ?? long.MaxValue, limit), cancellation);

    /// <summary>One key, a revoked one too; null: there is none.</summary>
    public Task<ApiKeyRow?> FindAsync(long id, CancellationToken cancellation) => database.ReadAsync(sql => FindAsync(sql, id), cancellation);

    /// <summary>Gives a key another text; the one before is taken for <paramref name="overlap"/> more.</summary>
    /// <returns>Null: there is no such key.</returns>
    /// <exception cref="RequestRefusedException">It is revoked or expired, or holds more than its changer.</exception>
    public async Task<(string Secret, ApiKeyRow Key)?> RotateAsync(KeyGrant by, long id, TimeSpan overlap, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.Make();
        var hash = ApiKeySecret.Hash(secret);
        var row = await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            // One after another: of two at once the later must know the earlier's key as the one before it, for somebody was given it.
            await unit.ExecuteAsync("UPDATE api_key SET per_minute = per_minute WHERE id = $1", id);
            if (await FindAsync(unit, id) is not { } key) return null;
            JudgeHolder(by, key);
            await holders.DemandSameAsync(unit, by, key.Holder);
            DemandRenewable(key, now);
            if (key.HolderLeftAt is not null)
            {
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_holder_left", null,
                    "Its holder has left. Hand it over to somebody.");
            }

            await unit.ExecuteAsync("UPDATE api_key SET hash = $2, prefix = $3, old_hash = $4, old_until = $5, rotated_at = $6 WHERE id = $1",
                id, hash, ApiKeySecret.Prefix(secret), overlap > TimeSpan.Zero ? key.Hash : null, overlap > TimeSpan.Zero ? (now + overlap).ToUnixTimeMilliseconds() : null, now.ToUnixTimeMilliseconds());
            await audit.AddAsync(unit, by.Who, "api_key.rotated", key.Name, new JsonObject { ["prefix"] = ApiKeySecret.Prefix(secret), ["overlap_seconds"] = (long)overlap.TotalSeconds });
            Tell(unit, cache, id);
            return await FindAsync(unit, id);
        }, cancellation);
        return row is null ? null : (secret, row);
    }

    /// <summary>Gives a key to somebody else, with another secret: the one before, which the former holder knows, ends at once.</summary>
    /// <returns>Null: there is no such key.</returns>
    /// <exception cref="RequestRefusedException">It is revoked or expired, holds more than its changer, or they may not have
    /// it.</exception>
    public async Task<(string Secret, ApiKeyRow Key)?> HandOverAsync(KeyGrant by, long id, string? to, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.Make();
        var hash = ApiKeySecret.Hash(secret);
        var row = await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow();
            await holders.LockAsync(unit);
            await unit.ExecuteAsync("UPDATE api_key SET per_minute = per_minute WHERE id = $1", id);
            if (await FindAsync(unit, id) is not { } key) return null;
            JudgeHolder(by, key);
            DemandRenewable(key, now);
            var holder = await holders.JudgeAsync(unit, by, to);
            await unit.ExecuteAsync("""
                UPDATE api_key SET hash = $2, prefix = $3, old_hash = NULL, old_until = NULL, rotated_at = $4, holder = $5, left_at = NULL
                WHERE id = $1
                """, id, hash, ApiKeySecret.Prefix(secret), now.ToUnixTimeMilliseconds(), holder);
            await audit.AddAsync(unit, by.Who, "api_key.handed_over", key.Name,
                new JsonObject { ["prefix"] = ApiKeySecret.Prefix(secret), ["from"] = key.Holder, ["to"] = holder });
            Tell(unit, cache, id);
            return await FindAsync(unit, id);
        }, cancellation);
        return row is null ? null : (secret, row);
    }

    /// <summary>Changes what is named; the key's text stays.</summary>
    /// <returns>Null: there is no such key.</returns>
    /// <exception cref="RequestRefusedException">It is revoked, holds more than its changer or would, or cannot be so; the word and the pointer say why.</exception>
    public async Task<ApiKeyRow?> ChangeAsync(KeyGrant by, long id, KeyChange wanted, CancellationToken cancellation)
    {
        if (wanted.ExpiresAt is { } end) wanted = wanted with { ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()) };
        if (wanted.Name is { } name) JudgeName(name);
        if (wanted.Scopes is { } wish) JudgeScopes(by, wish);
        if (wanted.PerMinute is { } rate) JudgeRate(rate);
        if (wanted.SetsEnd) JudgeEnd(by, wanted.ExpiresAt);
        return await database.TransactAsync(async unit =>
        {
            if (wanted.SetsHolder) await holders.LockAsync(unit);
            await unit.ExecuteAsync("UPDATE api_key SET per_minute = per_minute WHERE id = $1", id);
            if (await FindAsync(unit, id) is not { } key) return null;
            JudgeHolder(by, key);
            if (key.RevokedAt is not null) throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_revoked", null, "The key is revoked. Make another one.");
            if (wanted.Name is { } taken && taken != key.Name)
            {
                var other = await unit.NumberAsync("SELECT id FROM api_key WHERE name = $1 AND revoked_at IS NULL AND id <> $2", taken, id);
                if (other is not null) throw InUse();
                await DemandNameAsync(unit, by, taken);
            }

            var changed = key with
            {
                Name = wanted.Name ?? key.Name, Scopes = wanted.Scopes?.ToFrozenSet(StringComparer.Ordinal) ?? key.Scopes, PerMinute = wanted.PerMinute ?? key.PerMinute,
                ExpiresAt = wanted.SetsEnd ? wanted.ExpiresAt : key.ExpiresAt, Reach = wanted.Reach?.On(key.Reach) ?? key.Reach,
            };
            if (changed.Reach != key.Reach) JudgeReach(by, changed.Reach);
            if (changed.PerMinute > key.PerMinute) JudgeRaise(by, changed.PerMinute);
            if (wanted.SetsHolder) changed = changed with { Holder = await HolderOfAsync(unit, by, key, wanted.Holder) };
            await unit.ExecuteAsync("""
                UPDATE api_key SET name = $2, scopes = $3, per_minute = $4, expires_at = $5, system = $6, apps = $7, issuers = $8,
                  addresses = $9, holder = $10
                WHERE id = $1
                """, id, changed.Name, string.Join(' ', ScopesOf(changed)), changed.PerMinute, changed.ExpiresAt?.ToUnixTimeMilliseconds(),
                changed.Reach.System, KeyReach.Text(changed.Reach.Apps), KeyReach.Text(changed.Reach.Issuers),
                KeyReach.Text(changed.Reach.Addresses), changed.Holder);
            var detail = DetailOf(changed);
            detail["before"] = DetailOf(key);
            await audit.AddAsync(unit, by.Who, "api_key.changed", key.Name, detail);
            Tell(unit, cache, id);
            return await FindAsync(unit, id);
        }, cancellation);
    }

    /// <summary>Ends a key for good. A key that has ended stays as it is.</summary>
    /// <returns>Null: there is no such key.</returns>
    /// <exception cref="RequestRefusedException">It holds more than its changer.</exception>
    public Task<ApiKeyRow?> RevokeAsync(KeyGrant by, long id, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await FindAsync(unit, id) is not { } key) return null;
        JudgeHolder(by, key);
        if (await unit.ExecuteAsync("UPDATE api_key SET revoked_at = $2, revoked_by = $3, old_hash = NULL, old_until = NULL WHERE id = $1 AND revoked_at IS NULL",
            id, clock.GetUtcNow().ToUnixTimeMilliseconds(), by.Who.Name) == 0) return key;
        await audit.AddAsync(unit, by.Who, "api_key.revoked", key.Name, new JsonObject { ["prefix"] = key.Prefix });
        Tell(unit, cache, id);
        return await FindAsync(unit, id);
    }, cancellation);

    private static ValueTask<ApiKeyRow?> FindAsync(ISql sql, long id) => sql.FirstAsync($"SELECT {ApiKeyRow.Columns} FROM api_key WHERE id = $1", ApiKeyRow.Read, id);

    /// <summary>
    /// A key acts under its name in the audit log and in rows' histories: a name that another system's key has or had is that system's.
    /// </summary>
    private static async ValueTask DemandNameAsync(IUnitOfWork unit, KeyGrant by, string name)
    {
        if (by.ChangesAll) return;
        var others = await unit.NumberAsync("SELECT id FROM api_key WHERE name = $1 AND system <> $2 LIMIT 1", name, by.Owner);
        if (others is not null) throw InUse();
    }

    private static RequestRefusedException InUse() => new(StatusCodes.Status409Conflict, "name_in_use", "/name",
        "Another key has this name, or had it. A key that was lost is renewed, or revoked and made anew.");

    private void Judge(KeyGrant by, NewApiKey wanted)
    {
        JudgeName(wanted.Name);
        JudgeScopes(by, wanted.Scopes);
        JudgeRate(wanted.PerMinute!.Value);
        JudgeRaise(by, wanted.PerMinute.Value);
        JudgeEnd(by, wanted.ExpiresAt);
    }

    private static void JudgeName(string name)
    {
        if (name.Length is 0 or > LongestName || !ListedName.IsSound(name))
            throw RequestRefusedException.Impossible("bad_name", "/name", $"A name has up to {LongestName} characters. {ListedName.Rule}");
    }

    private static void JudgeScopes(KeyGrant by, IReadOnlyList<string> scopes)
    {
        if (scopes.Count == 0) throw RequestRefusedException.Malformed("empty", "/scopes", "A key needs a scope.");
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (!ApiScopes.All.Contains(scope)) throw UnknownScope(i, scope);
            if (!by.Has(scope)) throw new RequestRefusedException(StatusCodes.Status403Forbidden, "scope_not_held", $"/scopes/{i}", $"The calling key does not hold {scope}, so it cannot hand it on.");
        }

    }

    private static RequestRefusedException UnknownScope(int place, string scope)
    {
        var unknown = RequestTexts.UnknownScope(JsonFields.Shown(scope));
        var told = unknown.OrMeant(scope, ApiScopes.All);
        return RequestRefusedException.Impossible("unknown_scope", $"/scopes/{place}",
            told.English == unknown.English ? unknown + RequestTexts.ThereAre(string.Join(", ", ApiScopes.All)) : told);
    }

    private static void JudgeRate(int perMinute)
    {
        if (perMinute is < 1 or > MostPerMinute) throw RequestRefusedException.Impossible("bad_rate", "/requests_per_minute", $"1 to {MostPerMinute} calls a minute.");
    }

    /// <summary>A limit that its own key could lift would be none: nobody gives more than he has, himself included.</summary>
    private static void JudgeRaise(KeyGrant by, int perMinute)
    {
        if (by.PerMinute is { } own && perMinute > own && !by.Has(ApiScopes.OthersWrite))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "rate_not_held", "/requests_per_minute",
                $"The calling key makes {own} calls a minute, and gives no key more, not even itself: that takes {ApiScopes.OthersWrite}.");
        }
    }

    private void JudgeEnd(KeyGrant by, DateTimeOffset? wanted)
    {
        if (wanted <= clock.GetUtcNow()) throw RequestRefusedException.Impossible("bad_time", "/expires_at", "The time is past.");
        if (by.Until is { } end && !(wanted <= end))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "outlives_caller", "/expires_at", $"The calling key ends at {end:O}; give an expires_at that is not later.");
    }

    /// <summary>A year, or as long as the calling key lasts.</summary>
    private DateTimeOffset DefaultEnd(KeyGrant by)
    {
        var year = clock.GetUtcNow() + NormalLife;
        return by.Until < year ? by.Until.Value : year;
    }

    /// <summary>Without a word a key belongs to the calling key's system, and reaches as far as that one does.</summary>
    private static KeyReach ReachOf(KeyGrant by, NewApiKey wanted)
    {
        var reach = new KeyReach(by.Reach?.System ?? wanted.Name, by.Reach?.Apps);
        if (wanted.Reach is { } named) reach = named.On(reach);
        JudgeReach(by, reach);
        return reach;
    }

    /// <summary>Nobody hands on another system's things, apps or issuers that are not his.</summary>
    private static void JudgeReach(KeyGrant by, KeyReach reach)
    {
        if (by.Reach is not { } own) return;
        if (reach.System != own.System && !by.Has(ApiScopes.OthersWrite))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                $"The calling key belongs to {own.System}; a key of another system takes {ApiScopes.OthersWrite}.");
        if (own.Apps is { } apps && reach.Apps?.All(a => apps.Contains(a, StringComparer.Ordinal)) != true)
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "app_not_held", "/apps", "The calling key does not hold all of these apps, so it cannot hand them on.");
        if (reach.Issuers?.Any(i => own.Issuers?.Contains(i, StringComparer.Ordinal) != true) == true && !by.Has(ApiScopes.WebChatPerson))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "issuer_not_held", "/issuers", "The calling key does not hold all of these issuers, so it cannot hand them on.");
        if (own.Addresses is { } from && (reach.Addresses is null || !reach.Addresses.All(a => from.Contains(a, StringComparer.Ordinal))))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "address_not_held", "/addresses", "The calling key may be used from its own networks only: name some of these.");
    }

    private static IEnumerable<string> ScopesOf(ApiKeyRow key) => ApiScopes.All.Where(key.Scopes.Contains);

    private static JsonObject DetailOf(ApiKeyRow key) => new()
    {
        ["name"] = key.Name, ["scopes"] = new JsonArray([.. ScopesOf(key).Select(s => (JsonNode?)s)]), ["requests_per_minute"] = key.PerMinute,
        ["expires_at"] = key.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture), ["reach"] = key.Reach.Detail(),
        ["holder"] = key.Holder,
    };

    private static void JudgeHolder(KeyGrant by, ApiKeyRow key)
    {
        if (!by.MayChange(key.Reach.System))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/{id}", $"This key is another system's: changing it takes {ApiScopes.OthersWrite}.");
        JudgeReach(by, key.Reach);
        if (key.Scopes.FirstOrDefault(s => !by.Has(s)) is { } scope)
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "scope_not_held", "/{id}", $"This key holds {scope}, which the calling key does not: it cannot be changed by it.");
        if (by.Until is { } end && !(key.ExpiresAt <= end))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "outlives_caller", "/{id}", "This key lasts longer than the calling one: it cannot be changed by it.");
    }

    private static void DemandRenewable(ApiKeyRow key, DateTimeOffset now)
    {
        var state = key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : null;
        if (state is not null)
            throw new RequestRefusedException(
                StatusCodes.Status409Conflict, $"key_{state}", null, $"The key is {state}. Make another one.");
    }

    /// <summary>A key that is nobody's can be somebody's as it is. One that is somebody's is known to them: it goes to others with another
    /// secret only.</summary>
    private async ValueTask<string?> HolderOfAsync(IUnitOfWork unit, KeyGrant by, ApiKeyRow key, string? wanted)
    {
        if (wanted == key.Holder) return key.Holder;
        if (key.Holder is not null)
        {
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "hand_over_needed", "/holder",
                "Its holder knows the secret. Hand it over: that makes a new one.");
        }

        return await holders.JudgeAsync(unit, by, wanted);
    }

    /// <summary>A key changed: it is looked up anew, in every process.</summary>
    internal static void Tell(IUnitOfWork unit, ApiKeyCache cache, long id)
    {
        unit.AfterCommit(cache.Forget);
        unit.Announce(Topics.ApiKeys, id);
    }
}

/// <summary>What of a key is to change; null: it stays.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Scopes">All that it may do from now on.</param>
/// <param name="PerMinute">Calls a minute.</param>
/// <param name="SetsEnd">Its end changes.</param>
/// <param name="ExpiresAt">Its end then; null: it does not end by itself.</param>
internal sealed record KeyChange(string? Name, IReadOnlyList<string>? Scopes, int? PerMinute, bool SetsEnd, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whose it is and how far it reaches from now on; null: as before.</summary>
    public KeyReachFields? Reach { get; init; }

    /// <summary>Its holder changes.</summary>
    public bool SetsHolder { get; init; }

    /// <summary>Who holds it then; null: nobody.</summary>
    public string? Holder { get; init; }
}

/// <summary>A key that is to be made.</summary>
/// <param name="Name">Whose it is: names the caller in the audit log.</param>
/// <param name="Scopes">What it may do, of <see cref="ApiScopes.All"/>.</param>
/// <param name="PerMinute">Calls a minute; null: 600, or as many as its maker's.</param>
/// <param name="ExpiresAt">Null: in a year, unless <see cref="NewApiKey.Endless"/>.</param>
internal sealed record NewApiKey(string Name, IReadOnlyList<string> Scopes, int? PerMinute = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>It does not end by itself.</summary>
    public bool Endless { get; init; }

    /// <summary>Whose it is and how far it reaches; null: the calling key's system, or its own name.</summary>
    public KeyReachFields? Reach { get; init; }

    /// <summary>Its holder is named; else it is the calling key's.</summary>
    public bool SetsHolder { get; init; }

    /// <summary>The person whose it is; null: nobody's.</summary>
    public string? Holder { get; init; }
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Makes keys, changes, renews and revokes them. Nobody hands on, changes, renews or revokes more than he holds himself.</summary>
internal sealed class ApiKeys(IDatabase database, AuditTrail audit, ApiKeyCache cache, TimeProvider clock)
{
    /// <summary>Keys that are not revoked.</summary>
    public const int Most = 500;

    public const int LongestName = 60;
    public const int NormalPerMinute = 600;
    public const int MostPerMinute = 100_000;
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>Makes a key.</summary>
    /// <returns>The key's text, which is shown this once, and its row.</returns>
    /// <exception cref="RequestRefusedException">It cannot be made; the word and the pointer say why.</exception>
    public async Task<(string Secret, ApiKeyRow Key)> CreateAsync(KeyGrant by, NewApiKey wanted, CancellationToken cancellation)
    {
        // As exact as it is kept: else the hour that a key lasts would be longer than itself.
        if (wanted.ExpiresAt is { } end) wanted = wanted with { ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds()) };
        Judge(by, wanted);
        var scopes = ApiScopes.All.Where(wanted.Scopes.Contains).ToArray();
        var secret = ApiKeySecret.Make();
        var (hash, now) = (ApiKeySecret.Hash(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var row = await database.TransactAsync(async unit =>
        {
            if (await unit.NumberAsync("SELECT COUNT(*) FROM api_key WHERE revoked_at IS NULL") >= Most)
                throw RequestRefusedException.Impossible("too_many", null, $"There are {Most} keys. Revoke some that nobody uses.");
            if (await unit.ExecuteAsync("""
                INSERT INTO api_key (name, prefix, hash, scopes, per_minute, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
                """, wanted.Name, ApiKeySecret.Prefix(secret), hash, string.Join(' ', scopes), wanted.PerMinute, now, by.Who.Name, wanted.ExpiresAt?.ToUnixTimeMilliseconds()) == 0)
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "name_in_use", "/name", "Another key has this name. A key that was lost is renewed, or revoked and made anew.");
            await audit.AddAsync(unit, by.Who, "api_key.created", wanted.Name, new JsonObject
            {
                ["prefix"] = ApiKeySecret.Prefix(secret), ["scopes"] = new JsonArray([.. scopes.Select(s => (JsonNode?)s)]), ["requests_per_minute"] = wanted.PerMinute, ["expires_at"] = wanted.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture),
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
            if (key.StateAt(now) is var state and not "active") throw new RequestRefusedException(StatusCodes.Status409Conflict, $"key_{state}", null, $"The key is {state}. Make another one.");
            await unit.ExecuteAsync("UPDATE api_key SET hash = $2, prefix = $3, old_hash = $4, old_until = $5, rotated_at = $6 WHERE id = $1",
                id, hash, ApiKeySecret.Prefix(secret), overlap > TimeSpan.Zero ? key.Hash : null, overlap > TimeSpan.Zero ? (now + overlap).ToUnixTimeMilliseconds() : null, now.ToUnixTimeMilliseconds());
            await audit.AddAsync(unit, by.Who, "api_key.rotated", key.Name, new JsonObject { ["prefix"] = ApiKeySecret.Prefix(secret), ["overlap_seconds"] = (long)overlap.TotalSeconds });
            Tell(unit, id);
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
            await unit.ExecuteAsync("UPDATE api_key SET per_minute = per_minute WHERE id = $1", id);
            if (await FindAsync(unit, id) is not { } key) return null;
            JudgeHolder(by, key);
            if (key.RevokedAt is not null) throw new RequestRefusedException(StatusCodes.Status409Conflict, "key_revoked", null, "The key is revoked. Make another one.");
            if (wanted.Name is { } taken && await unit.NumberAsync("SELECT id FROM api_key WHERE name = $1 AND revoked_at IS NULL AND id <> $2", taken, id) is not null)
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "name_in_use", "/name", "Another key has this name.");
            var changed = key with
            {
                Name = wanted.Name ?? key.Name, Scopes = wanted.Scopes?.ToFrozenSet(StringComparer.Ordinal) ?? key.Scopes, PerMinute = wanted.PerMinute ?? key.PerMinute,
                ExpiresAt = wanted.SetsEnd ? wanted.ExpiresAt : key.ExpiresAt,
            };
            await unit.ExecuteAsync("UPDATE api_key SET name = $2, scopes = $3, per_minute = $4, expires_at = $5 WHERE id = $1",
                id, changed.Name, string.Join(' ', ScopesOf(changed)), changed.PerMinute, changed.ExpiresAt?.ToUnixTimeMilliseconds());
            var detail = DetailOf(changed);
            detail["before"] = DetailOf(key);
            await audit.AddAsync(unit, by.Who, "api_key.changed", key.Name, detail);
            Tell(unit, id);
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
        Tell(unit, id);
        return await FindAsync(unit, id);
    }, cancellation);

    private static ValueTask<ApiKeyRow?> FindAsync(ISql sql, long id) => sql.FirstAsync($"SELECT {ApiKeyRow.Columns} FROM api_key WHERE id = $1", ApiKeyRow.Read, id);

    private void Judge(KeyGrant by, NewApiKey wanted)
    {
        JudgeName(wanted.Name);
        JudgeScopes(by, wanted.Scopes);
        JudgeRate(wanted.PerMinute);
        JudgeEnd(by, wanted.ExpiresAt);
    }

    private static void JudgeName(string name)
    {
        if (name.Length is 0 or > LongestName || name != name.Trim() || name.Any(char.IsControl))
            throw RequestRefusedException.Impossible("bad_name", "/name", $"A name has up to {LongestName} characters, no control characters, and no blanks around it.");
    }

    private static void JudgeScopes(KeyGrant by, IReadOnlyList<string> scopes)
    {
        if (scopes.Count == 0) throw RequestRefusedException.Malformed("empty", "/scopes", "A key needs a scope.");
        for (var i = 0; i < scopes.Count; i++)
        {
            var scope = scopes[i];
            if (!ApiScopes.All.Contains(scope)) throw RequestRefusedException.Impossible("unknown_scope", $"/scopes/{i}", $"There is no scope \"{JsonFields.Shown(scope)}\". Scopes: {string.Join(", ", ApiScopes.All)}.");
            if (!by.Has(scope)) throw new RequestRefusedException(StatusCodes.Status403Forbidden, "scope_not_held", $"/scopes/{i}", $"The calling key does not hold {scope}, so it cannot hand it on.");
        }

    }

    private static void JudgeRate(int perMinute)
    {
        if (perMinute is < 1 or > MostPerMinute) throw RequestRefusedException.Impossible("bad_rate", "/requests_per_minute", $"1 to {MostPerMinute} calls a minute.");
    }

    private void JudgeEnd(KeyGrant by, DateTimeOffset? wanted)
    {
        if (wanted <= clock.GetUtcNow()) throw RequestRefusedException.Impossible("bad_time", "/expires_at", "The time is past.");
        if (by.Until is { } end && !(wanted <= end))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "outlives_caller", "/expires_at", $"The calling key ends at {end:O}; give an expires_at that is not later.");
    }

    private static IEnumerable<string> ScopesOf(ApiKeyRow key) => ApiScopes.All.Where(key.Scopes.Contains);

    private static JsonObject DetailOf(ApiKeyRow key) => new()
    {
        ["name"] = key.Name, ["scopes"] = new JsonArray([.. ScopesOf(key).Select(s => (JsonNode?)s)]), ["requests_per_minute"] = key.PerMinute,
        ["expires_at"] = key.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture),
    };

    private static void JudgeHolder(KeyGrant by, ApiKeyRow key)
    {
        if (key.Scopes.FirstOrDefault(s => !by.Has(s)) is { } scope)
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "scope_not_held", "/{id}", $"This key holds {scope}, which the calling key does not: it cannot be changed by it.");
        if (by.Until is { } end && !(key.ExpiresAt <= end))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "outlives_caller", "/{id}", "This key lasts longer than the calling one: it cannot be changed by it.");
    }

    private void Tell(IUnitOfWork unit, long id)
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
internal sealed record KeyChange(string? Name, IReadOnlyList<string>? Scopes, int? PerMinute, bool SetsEnd, DateTimeOffset? ExpiresAt);

/// <summary>A key that is to be made.</summary>
/// <param name="Name">Whose it is: names the caller in the audit log.</param>
/// <param name="Scopes">What it may do, of <see cref="ApiScopes.All"/>.</param>
/// <param name="PerMinute">Calls a minute.</param>
/// <param name="ExpiresAt">Null: it does not end by itself.</param>
internal sealed record NewApiKey(string Name, IReadOnlyList<string> Scopes, int PerMinute = ApiKeys.NormalPerMinute, DateTimeOffset? ExpiresAt = null);

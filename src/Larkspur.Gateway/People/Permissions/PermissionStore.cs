using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Rules and roles: the table is the truth, each process keeps a copy that follows it (<see cref="CachedTable{TRows, T}"/>).</summary>
internal sealed partial class PermissionStore : IDisposable
{
    private const int MostRules = 1000;
    private const int MostRoles = 500;

    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly ILogger<PermissionStore> _logger;
    private readonly CachedTable<Rows, PermissionState> _watched;

    public PermissionStore(IDatabase database, AuditTrail audit, TimeProvider clock, ILogger<PermissionStore> logger)
    {
        (_audit, _clock, _logger) = (audit, clock, logger);
        _watched = new CachedTable<Rows, PermissionState>("permissions", PermissionState.Empty, database, ReadAsync, (version, rows) => StateOf(version, rows, logger), logger);
    }

    /// <summary>What is known at this moment.</summary>
    public PermissionState Now => _watched.Now;

    /// <summary>The copy that follows the tables.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>The state with everything that any process has changed.</summary>
    public async Task<PermissionState> LookAsync(CancellationToken cancellation)
    {
        await _watched.LookAsync(cancellation);
        return Now;
    }

    /// <summary>Keeps a rule.</summary>
    /// <param name="who">Who wants it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="isNew">True: there must be none of its name; false: there must be one.</param>
    /// <param name="version">The version that is to be replaced; null: whichever.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The rule as it is kept; null: there is none to replace.</returns>
    /// <exception cref="RequestRefusedException">It cannot be kept; the word and the pointer say why.</exception>
    public Task<PermissionRule?> SaveAsync(Actor who, PermissionRule rule, bool isNew, long? version,
        CancellationToken cancellation) => _watched.ChangeAsync(async (unit, number) =>
    {
        var before = await unit.FirstAsync("SELECT version, definition FROM permission_rule WHERE name = $1", static row => new Kept(row.GetInt64(0), row.GetString(1)), rule.Name);
        if (isNew && before is not null) throw new RequestRefusedException(StatusCodes.Status409Conflict, "name_in_use", "/name", "Another rule has this name.");
        if (!isNew && before is null) return null;
        Expect(version, before?.Version);
        if (isNew && await unit.NumberAsync("SELECT COUNT(*) FROM permission_rule") >= MostRules) throw RequestRefusedException.Impossible("too_many", null, $"There may be {MostRules} rules.");
        foreach (var id in rule.Who.People.Where(KnownPerson.IsId))
            if (await PersonRows.SurvivorAsync(unit, id) is null) throw RequestRefusedException.Impossible("no_such_person", "/who/people", $"Nobody has the id {id}.");
        foreach (var role in rule.Who.Roles)
            if (await unit.NumberAsync("SELECT COUNT(*) FROM permission_role WHERE name = $1", role) == 0) throw RequestRefusedException.Impossible("no_such_role", "/who/roles", $"There is no role {role}.");
        var (now, definition) = (_clock.GetUtcNow(), RuleReader.Write(rule));
        await unit.ExecuteAsync("""
            INSERT INTO permission_rule (name, definition, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, rule.Name, definition.ToJsonString(), number, now.ToUnixTimeMilliseconds(), who.Name);
        await _audit.AddAsync(unit, who, isNew ? "permission_rule.created" : "permission_rule.changed", rule.Name,
            new JsonObject { ["from"] = before is null ? null : JsonNode.Parse(before.Definition), ["to"] = definition });
        return rule with { Version = number, ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), ChangedBy = who.Name };
    }, cancellation);

    /// <summary>Forgets a rule.</summary>
    /// <returns>False: there is none of this name.</returns>
    public Task<bool> DeleteAsync(
        Actor who, string name, long? version, CancellationToken cancellation) => _watched.ChangeAsync(async (unit, _) =>
    {
        if (await unit.FirstAsync("SELECT version, definition FROM permission_rule WHERE name = $1", static row => new Kept(row.GetInt64(0), row.GetString(1)), name) is not { } before) return false;
        Expect(version, before.Version);
        await unit.ExecuteAsync("DELETE FROM permission_rule WHERE name = $1", name);
        await _audit.AddAsync(unit, who, "permission_rule.deleted", name, new JsonObject { ["from"] = JsonNode.Parse(before.Definition) });
        return true;
    }, cancellation);

    /// <summary>Keeps a role.</summary>
    /// <exception cref="RequestRefusedException">It cannot be kept; the word and the pointer say why.</exception>
    public Task<PermissionRole> SaveRoleAsync(Actor who, string name, IReadOnlyList<string> people, long? version,
        CancellationToken cancellation) => _watched.ChangeAsync(async (unit, number) =>
    {
        var before = await unit.FirstAsync("SELECT version, people FROM permission_role WHERE name = $1", static row => new Kept(row.GetInt64(0), row.GetString(1)), name);
        Expect(version, before?.Version);
        if (before is null && await unit.NumberAsync("SELECT COUNT(*) FROM permission_role") >= MostRoles) throw RequestRefusedException.Impossible("too_many", null, $"There may be {MostRoles} roles.");
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < people.Count; i++)
        {
            // As it is given: an id from before a join holds for who it is now, and again for whose it was should the join be undone.
            if (await PersonRows.SurvivorAsync(unit, people[i]) is null) throw RequestRefusedException.Impossible("no_such_person", $"/people/{i}", "Nobody has this id.");
            ids.Add(people[i]);
        }

        var now = _clock.GetUtcNow();
        await unit.ExecuteAsync("""
            INSERT INTO permission_role (name, people, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO UPDATE SET people = excluded.people, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, name, JsonSerializer.Serialize(ids), number, now.ToUnixTimeMilliseconds(), who.Name);
        await _audit.AddAsync(unit, who, before is null ? "permission_role.created" : "permission_role.changed", name, Moved(before, ids));
        return new PermissionRole(name, ids, number, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), who.Name);
    }, cancellation);

    /// <summary>Forgets a role.</summary>
    /// <returns>False: there is none of this name.</returns>
    /// <exception cref="RequestRefusedException">Rules name it.</exception>
    public Task<bool> DeleteRoleAsync(
        Actor who, string name, long? version, CancellationToken cancellation) => _watched.ChangeAsync(async (unit, _) =>
    {
        if (await unit.FirstAsync("SELECT version, people FROM permission_role WHERE name = $1", static row => new Kept(row.GetInt64(0), row.GetString(1)), name) is not { } before) return false;
        Expect(version, before.Version);
        // A rule that forbids something to a role which is gone would forbid it to nobody.
        if (StateOf(0, await ReadAsync(unit), _logger).Rules.FirstOrDefault(r => r.Who.Roles.Contains(name)) is { } rule)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "role_in_use", "/{name}", $"The rule \"{rule.Name}\" names this role.");
        await unit.ExecuteAsync("DELETE FROM permission_role WHERE name = $1", name);
        await _audit.AddAsync(unit, who, "permission_role.deleted", name, Moved(before, []));
        return true;
    }, cancellation);

    public void Dispose() => _watched.Dispose();

    private static void Expect(long? wanted, long? actual)
    {
        if (wanted is not null && wanted != actual)
            throw new RequestRefusedException(StatusCodes.Status412PreconditionFailed, "changed_meanwhile", null, actual is null ? "There is none any more." : $"It has version {actual} by now. Read it again.");
    }

    /// <summary>Who came and who went.</summary>
    private static JsonObject Moved(Kept? before, IReadOnlyCollection<string> now)
    {
        var old = before is null ? [] : JsonSerializer.Deserialize<string[]>(before.Definition) ?? [];
        return new JsonObject { ["added"] = new JsonArray([.. now.Except(old).Select(id => (JsonNode?)id)]), ["removed"] = new JsonArray([.. old.Except(now).Select(id => (JsonNode?)id)]) };
    }

    private static PermissionState StateOf(long version, Rows rows, ILogger logger) => new(version, rows.Rules.Select(row => row.Rule(logger)), rows.Roles);

    private static async ValueTask<Rows> ReadAsync(ISql sql) => new(
        await sql.QueryAsync("SELECT name, definition, version, changed_at, changed_by FROM permission_rule", RuleRow.Read),
        await sql.QueryAsync("SELECT name, people, version, changed_at, changed_by FROM permission_role", static row => new PermissionRole(row.GetString(0),
            (JsonSerializer.Deserialize<string[]>(row.GetString(1)) ?? []).ToFrozenSet(StringComparer.Ordinal), row.GetInt64(2), row.Time(3), row.GetString(4))));

    private sealed record Rows(List<RuleRow> Rules, List<PermissionRole> Roles);

    private sealed record Kept(long Version, string Definition);

    [LoggerMessage(LogLevel.Error,
        "The permission rule {Rule} cannot be read: it forbids its feature to everybody until it is replaced or deleted")]
    internal static partial void RuleUnreadable(ILogger logger, string rule, Exception error);
}

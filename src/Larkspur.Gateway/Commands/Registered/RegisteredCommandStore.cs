using System.Collections.Frozen;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Commands that business systems registered: the table is the truth, each process keeps a copy that follows it.</summary>
internal sealed partial class RegisteredCommandStore : IDisposable
{
    public const int Most = 200;

    /// <summary>Of one system: it does not take the others' places.</summary>
    public const int MostOfSystem = 20;

    private const string Columns = "name, definition, apps, owner, changed_at, changed_by";

    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly ILogger<RegisteredCommandStore> _logger;
    private readonly CachedTable<List<Row>, Known> _watched;

    public RegisteredCommandStore(IDatabase database, AuditTrail audit, TimeProvider clock, ILogger<RegisteredCommandStore> logger)
    {
        (_audit, _clock, _logger) = (audit, clock, logger);
        _watched = new CachedTable<List<Row>, Known>("commands", Known.None, database, ReadAsync, (_, rows) => KnownOf(rows), logger);
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<RegisteredCommand> All => _watched.Now.All;

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>The command of a name or another name; null: there is none.</summary>
    public RegisteredCommand? Find(string name) => _watched.Now.ByName.GetValueOrDefault(name);

    /// <summary>Keeps a command. The caller has judged it, and that no other command of the table has its names.</summary>
    /// <exception cref="RequestRefusedException">A name is, or was, another system's, or there are too many.</exception>
    /// <returns>The command as it is kept, and whether it is new.</returns>
    public Task<(RegisteredCommand Command, bool IsNew)> PutAsync(
        KeyGrant by, RegisteredCommand command, string definition, CancellationToken cancellation) =>
        _watched.ChangeAsync(async unit =>
    {
        var rows = await ReadAsync(unit);
        var (all, now) = (KnownOf(rows).All, _clock.GetUtcNow());
        // What cannot be read here may be read elsewhere, and its names are taken.
        if (all.Count < rows.Count && rows.All(r => r.Name != command.Name))
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "unavailable", null,
                "A registered command cannot be read by this version of the gateway: no other can be added.");
        var before = rows.FirstOrDefault(r => r.Name == command.Name);
        if (before is not null && (!by.MayChange(before.Owner) || !InReach(by, before.Apps))) throw InUse(command.Name);
        foreach (var other in all.Where(c => c.Name != command.Name))
        {
            if (command.Names.Intersect(other.Names, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } taken) throw InUse(taken);
        }

        // What is asked and answered under a name is believed to come from whoever had it.
        string[] had = all.FirstOrDefault(c => c.Name == command.Name) is { } former ? [.. former.Names] : [];
        foreach (var name in command.Names.Except(had, StringComparer.OrdinalIgnoreCase))
        {
            if (await OwnedObjects.OwnerOfAsync(unit, "", OwnedObjects.Command, name) is { } reserved
                && !by.MayChange(reserved)) throw InUse(name);
        }

        if (before is null && (rows.Count >= Most || (by.Owner.Length > 0 && rows.Count(r => r.Owner == by.Owner) >= MostOfSystem)))
            throw RequestRefusedException.Impossible("too_many", "/{name}",
                $"There may be {Most} commands, and {MostOfSystem} of one system.");
        var owner = before?.Owner ?? by.Owner;
        // An administrator who mends a system's command does not change for whom it is.
        var apps = before is null || by.Owner == owner ? by.Reach?.Apps : before.Apps;
        foreach (var dropped in had.Except(command.Names, StringComparer.OrdinalIgnoreCase))
            await OwnedObjects.ReserveAsync(unit, OwnedObjects.Command, dropped, owner, now);
        await unit.ExecuteAsync("""
            INSERT INTO bot_command (name, definition, apps, owner, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, apps = excluded.apps,
              changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, command.Name, definition, KeyReach.Text(apps), owner, now.ToUnixTimeMilliseconds(), by.Who.Name);
        await _audit.AddAsync(unit, by.Who, before is null ? "command.created" : "command.changed", command.Name,
            new JsonObject { ["from"] = Parsed(before?.Definition), ["to"] = Parsed(definition) });
        return (command with { Owner = owner, Apps = apps, ChangedAt = now, ChangedBy = by.Who.Name }, before is null);
    }, cancellation);

    /// <summary>Takes a command away. Its calls stay; forms of it that are open take nothing more. Its names stay its owner's.</summary>
    /// <returns>False: there is none that the caller may see.</returns>
    public Task<bool> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation) => _watched.ChangeAsync(async unit =>
    {
        var row = await unit.FirstAsync($"SELECT {Columns} FROM bot_command WHERE name = $1", Read, name.ToLowerInvariant());
        if (row is null || !by.MayRead(row.Owner) || !InReach(by, row.Apps)) return false;
        if (!by.MayChange(row.Owner)) throw KeyGrant.NotMine();
        await unit.ExecuteAsync("DELETE FROM bot_command WHERE name = $1", row.Name);
        foreach (var given in KnownOf([row]).All.SelectMany(c => c.Names).Append(row.Name).Distinct(StringComparer.Ordinal))
            await OwnedObjects.ReserveAsync(unit, OwnedObjects.Command, given, row.Owner, _clock.GetUtcNow());
        await _audit.AddAsync(unit, by.Who, "command.deleted", row.Name, new JsonObject { ["from"] = Parsed(row.Definition) });
        return true;
    }, cancellation);

    public void Dispose() => _watched.Dispose();

    /// <summary>A key that is bound to apps does not reach what is for others as well.</summary>
    public static bool InReach(KeyGrant by, IReadOnlyList<string>? apps) =>
        by.Reach?.Apps is null || (apps is not null && apps.All(by.MayUse));

    public static RequestRefusedException InUse(string name) => new(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
        $"The name \"{JsonFields.Shown(name)}\" is, or was, another command's.");

    private static async ValueTask<List<Row>> ReadAsync(ISql sql) =>
        await sql.QueryAsync($"SELECT {Columns} FROM bot_command ORDER BY name", Read);

    private static Row Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), KeyReach.List(row.Text(2)), row.GetString(3), row.Time(4), row.GetString(5));

    private Known KnownOf(List<Row> rows)
    {
        List<RegisteredCommand> all = [];
        foreach (var row in rows)
        {
            try
            {
                using var json = JsonDocument.Parse(row.Definition, RequestJson.Stored);
                all.Add(RegisteredCommandReader.Read(row.Name, Body<PutCommand>.Of(json.RootElement)) with
                {
                    Owner = row.Owner, Apps = row.Apps, ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
                });
            }
            catch (Exception e) when (e is RequestRefusedException or JsonException)
            {
                CommandLeftOut(row.Name, e);
            }
        }

        var byName = new Dictionary<string, RegisteredCommand>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, command) in all.SelectMany(c => c.Names.Select(n => (n, c))))
        {
            if (!byName.TryAdd(name, command))
                NameTaken(command.Name, name, byName[name].Name);
        }

        return new Known(all, byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    private static JsonNode? Parsed(string? definition) => definition is null ? null : JsonNode.Parse(definition, null, RequestJson.Stored);

    private sealed record Row(string Name, string Definition, IReadOnlyList<string>? Apps, string Owner, DateTimeOffset ChangedAt,
        string ChangedBy);

    private sealed record Known(IReadOnlyList<RegisteredCommand> All, FrozenDictionary<string, RegisteredCommand> ByName)
    {
        public static Known None { get; } = new([], FrozenDictionary<string, RegisteredCommand>.Empty);
    }

    [LoggerMessage(LogLevel.Error, "The command {Command} cannot be read any more and is left out: put it again")]
    private partial void CommandLeftOut(string command, Exception error);
    [LoggerMessage(LogLevel.Error, "The command {Command} has the name {Name} of /{Other}: calls go to the latter")]
    private partial void NameTaken(string command, string name, string other);
}

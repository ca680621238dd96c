using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>The notification types: those that come with the gateway, and those that were defined here. A stored one of a built-in name takes its place.</summary>
internal sealed class NotificationTypeRegistry(
    IDatabase database, AuditTrail audit, TemplateValidator trial, OwnedObjects objects, FeishuApps apps, TimeProvider clock)
{
    public const string Decided = "approval.decided";
    private const int Most = 200;
    private const string Columns = "name, definition, changed_at, changed_by";
    private const string Resources = "Larkspur.Gateway.Notifications.Types.";

    /// <summary>Which setting switches which built-in type.</summary>
    private static readonly FrozenDictionary<string, string> Switches = new Dictionary<string, string>
    {
        ["pr.submitted"] = FeishuIntegration.NotifyOnPr,
        [Decided] = FeishuIntegration.NotifyOnApproval,
        ["po.created"] = FeishuIntegration.NotifyOnPo,
        ["payment.pending"] = FeishuIntegration.NotifyOnPayment,
        ["contract.expiring"] = FeishuIntegration.NotifyOnContractExpiry,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly Lazy<FrozenDictionary<string, NotificationType>> BuiltIn = new(() => Switches.ToFrozenDictionary(s => s.Key, s => Load(s.Key, s.Value), StringComparer.Ordinal));

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<NotificationType>> AllAsync(CancellationToken cancellation)
    {
        var stored = (await database.ReadAsync(sql => sql.QueryAsync($"SELECT {Columns} FROM notification_type ORDER BY name", Read), cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        return [.. BuiltIn.Value.Values.Where(t => !stored.ContainsKey(t.Name)).Concat(stored.Values).OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>The type of a name, or null.</summary>
    public async Task<NotificationType?> FindAsync(string name, CancellationToken cancellation) =>
        await database.ReadAsync(sql => sql.FirstAsync($"SELECT {Columns} FROM notification_type WHERE name = $1", Read, name), cancellation) ?? BuiltIn.Value.GetValueOrDefault(name);

    /// <summary>Judges a definition without keeping it.</summary>
    /// <exception cref="RequestRefusedException">It is no type, or makes no card.</exception>
    public NotificationType Judge(string name, JsonElement definition)
    {
        var type = NotificationTypeReader.Read(name, definition, Switches.GetValueOrDefault(name), Switches.ContainsKey(name));
        trial.Judge(type);
        return type;
    }

    /// <summary>Keeps a definition.</summary>
    /// <exception cref="RequestRefusedException">
    /// It is no type, makes no card, there are too many, or it, its name or an image in it is another system's.
    /// </exception>
    public async Task<NotificationType> SaveAsync(KeyGrant by, string name, JsonElement definition, CancellationToken cancellation)
    {
        var type = Judge(name, definition);
        // A type is no single app's: every app may send it.
        foreach (var app in apps.States)
            await MessageTargets.DemandFilesAsync(objects, by, app.Name, definition.GetRawText(), "/template", cancellation);
        var now = clock.GetUtcNow();
        await database.TransactAsync(async unit =>
        {
            var owner = await DemandAsync(unit, by, name);
            var isNew = owner is null;
            // Systems send by this name: what they say would be told in the words of whoever takes it.
            var former = isNew ? await OwnedObjects.OwnerOfAsync(unit, "", OwnedObjects.NotificationType, name) : null;
            if (former is not null && !by.MayChange(former)) throw NotMine();
            if (isNew && await unit.NumberAsync("SELECT COUNT(*) FROM notification_type") >= Most) throw RequestRefusedException.Impossible("too_many", "/{name}", $"There may be {Most} types.");
            // Another system may make it at this moment.
            if (await unit.ExecuteAsync("""
                INSERT INTO notification_type (name, definition, changed_at, changed_by, owner) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed_at = excluded.changed_at, changed_by = excluded.changed_by
                  WHERE notification_type.owner = $6
                """, name, definition.GetRawText(), now.ToUnixTimeMilliseconds(), by.Who.Name, by.Owner, owner ?? by.Owner) == 0)
                throw NotMine();
            await audit.AddAsync(unit, by.Who, isNew ? "notification_type.created" : "notification_type.changed", name, new JsonObject { ["decision"] = type.Decision, ["enabled"] = type.Enabled });
        }, cancellation);
        return type with { ChangedAt = now, ChangedBy = by.Who.Name };
    }

    /// <summary>Forgets what was defined here; a built-in type is as it came again. The name stays its owner's.</summary>
    /// <returns>False: nothing of this name was defined here.</returns>
    public Task<bool> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await DemandAsync(unit, by, name) is not { } owner) return false;
        await unit.ExecuteAsync("DELETE FROM notification_type WHERE name = $1", name);
        await OwnedObjects.ReserveAsync(unit, OwnedObjects.NotificationType, name, owner, clock.GetUtcNow());
        await audit.AddAsync(unit, by.Who, "notification_type.deleted", name);
        return true;
    }, cancellation);

    /// <summary>Everybody uses a type; who may change its words is the system that made it. What comes with the gateway, or is from the console, takes others:write.</summary>
    /// <returns>Whose it is; null: nothing of this name is stored.</returns>
    private static async ValueTask<string?> DemandAsync(IUnitOfWork unit, KeyGrant by, string name)
    {
        var owner = await unit.FirstAsync("SELECT owner FROM notification_type WHERE name = $1", static row => row.Text(0), name);
        if (owner is not null || IsBuiltIn(name))
        {
            if (!by.MayChange(owner ?? "")) throw NotMine();
        }

        return owner;
    }

    private static RequestRefusedException NotMine() => new(StatusCodes.Status403Forbidden, "system_not_held", "/{name}",
        $"The type is, or was, not of the calling key's system, and all systems use it: changing it takes {Api.ApiScopes.OthersWrite}.");

    /// <summary>Whether a type of this name comes with the gateway.</summary>
    public static bool IsBuiltIn(string name) => Switches.ContainsKey(name);

    private static NotificationType Read(System.Data.Common.DbDataReader row)
    {
        var name = row.GetString(0);
        return NotificationTypeReader.Read(name, JsonSerializer.Deserialize<JsonElement>(row.GetString(1)), Switches.GetValueOrDefault(name), Switches.ContainsKey(name)) with
        {
            ChangedAt = row.Time(2), ChangedBy = row.GetString(3),
        };
    }

    private static NotificationType Load(string name, string switchedBy)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Resources}{name}.json")!;
        return NotificationTypeReader.Read(name, JsonSerializer.Deserialize<JsonElement>(stream), switchedBy, builtIn: true);
    }
}

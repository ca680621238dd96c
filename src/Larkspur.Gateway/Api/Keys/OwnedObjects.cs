using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Whose the things are that systems made on a platform and of which the gateway has no row of its own: groups, files, approval definitions and instances.</summary>
internal sealed class OwnedObjects(IDatabase database, TimeProvider clock)
{
    public const string Chat = "chat";
    public const string File = "file";
    public const string Instance = "instance";
    public const string Comment = "comment";
    public const string Definition = "definition";
    public const string Subscription = "subscription";
    public const string ExternalDefinition = "external_definition";
    public const string Webhook = "webhook";
    public const string NotificationType = "notification_type";
    public const string ExternalInstance = "external_instance";
    public const string Command = "command";

    private const string Forgotten =
        "created_at < $1 AND kind IN ('file', 'instance', 'comment', 'external_instance', 'webhook', 'notification_type', 'command')";

    /// <summary>Notes who made it, in a transaction of its own. What has an owner keeps it.</summary>
    /// <param name="by">Who made it; of nobody's single system nothing is noted.</param>
    /// <param name="app">The app by which it was made.</param>
    /// <param name="kind">One of the words above.</param>
    /// <param name="id">The platform's id.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task AddAsync(KeyGrant by, string app, string kind, string? id, CancellationToken cancellation)
    {
        if (by.Owner.Length > 0 && id is { Length: > 0 }) await database.TransactAsync(unit => AddAsync(unit, by, app, kind, id), cancellation);
    }

    /// <inheritdoc cref="AddAsync(KeyGrant, string, string, string, CancellationToken)"/>
    public async ValueTask AddAsync(IUnitOfWork unit, KeyGrant by, string app, string kind, string? id)
    {
        if (by.Owner.Length > 0 && id is { Length: > 0 }) await InsertAsync(unit, by.Owner, app, kind, id);
    }

    /// <summary>Notes who makes it before it is made, whoever that is; what has an owner keeps it.</summary>
    /// <returns>Whose it is now; empty: no single system's.</returns>
    public Task<string> TakeAsync(KeyGrant by, string app, string kind, string id, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await InsertAsync(unit, by.Owner, app, kind, id);
        return await OwnerOfAsync(unit, app, kind, id) ?? "";
    }, cancellation);

    /// <summary>Keeps a name for whoever had it: what was queued under it must not reach another owner who takes it.</summary>
    public static async ValueTask ReserveAsync(IUnitOfWork unit, string kind, string name, string owner, DateTimeOffset at) => await unit.ExecuteAsync("""
        INSERT INTO owned_object (app, kind, id, owner, created_at) VALUES ('', $1, $2, $3, $4)
        ON CONFLICT (app, kind, id) DO UPDATE SET owner = excluded.owner, created_at = excluded.created_at
        """, kind, name, owner, at.ToUnixTimeMilliseconds());

    /// <summary>It is gone: whoever makes the next has that one.</summary>
    public static async ValueTask RemoveAsync(IUnitOfWork unit, string app, string kind, string id) =>
        await unit.ExecuteAsync("DELETE FROM owned_object WHERE app = $1 AND kind = $2 AND id = $3", app, kind, id);

    /// <summary>Another system counts on it as well: it is no single one's any more.</summary>
    public static async ValueTask ShareAsync(IUnitOfWork unit, string app, string kind, string id, string owner) =>
        await unit.ExecuteAsync("UPDATE owned_object SET owner = '' WHERE app = $1 AND kind = $2 AND id = $3 AND owner <> $4",
            app, kind, id, owner);

    /// <summary>Its owner; null: nobody's that is known here.</summary>
    public Task<string?> OwnerOfAsync(string app, string kind, string id, CancellationToken cancellation) => database.ReadAsync(sql => OwnerOfAsync(sql, app, kind, id), cancellation);

    /// <summary>Its owner; null: nobody's that is known here.</summary>
    public static ValueTask<string?> OwnerOfAsync(ISql sql, string app, string kind, string id) =>
        sql.FirstAsync("SELECT owner FROM owned_object WHERE app = $1 AND kind = $2 AND id = $3", static row => row.Text(0), app, kind, id);

    /// <summary>Owners of several, by their ids; what is nobody's is not among them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OwnersOfAsync(string app, string kind, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0) return new Dictionary<string, string>();
        object?[] values = [app, kind, .. ids];
        var places = string.Join(", ", ids.Select((_, i) => $"${i + 3}"));
        return (await database.ReadAsync(sql => sql.QueryAsync($"SELECT id, owner FROM owned_object WHERE app = $1 AND kind = $2 AND id IN ({places})",
            static row => (Id: row.GetString(0), Owner: row.GetString(1)), values), cancellation)).ToDictionary(o => o.Id, o => o.Owner, StringComparer.Ordinal);
    }

    /// <summary>Forgets old files and instances (their platform keeps them, and the administrators' keys see them), and names that were
    /// given up long ago: nothing that was queued under them is left.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync($"""
        DELETE FROM owned_object WHERE {Forgotten} AND id IN (SELECT id FROM owned_object WHERE {Forgotten} ORDER BY created_at LIMIT $2)
        """);

    private async ValueTask InsertAsync(IUnitOfWork unit, string owner, string app, string kind, string id) => await unit.ExecuteAsync("""
        INSERT INTO owned_object (app, kind, id, owner, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (app, kind, id) DO NOTHING
        """, app, kind, id, owner, clock.GetUtcNow().ToUnixTimeMilliseconds());
}

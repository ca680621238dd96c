using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Webhooks;

/// <summary>WebhookEndpointRegistry that administrators add, change and take away while the gateway runs; all processes follow (<see cref="CachedTable{TRows, T}"/>).</summary>
/// <remarks>Address and secrets are encrypted in the table. A webhook that did not change stays the same object: what was learned of it is kept.</remarks>
internal sealed partial class WebhookEndpointStore : IDisposable
{
    /// <summary>Each has a queue of its own in memory.</summary>
    public const int Most = 200;

    /// <summary>Of one system: it does not take the others' places.</summary>
    public const int MostOfSystem = 40;

    /// <summary>So long a secret that was replaced signs as well.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public const string Purpose = "webhooks";

    private const string Columns = "name, url, secret, previous_secret, previous_until, events, timeout_ms, gone_at, changed_at, changed_by, owner, apps";
    private const string ReadColumns = $"{Columns}, removed_at";

    private readonly IDatabase _database;
    private readonly AuditTrail _audit;
    private readonly ConfiguredWebhooks _settings;
    private readonly FailingWebhooks _failing;
    private readonly SecretRegistry _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebhookEndpointStore> _logger;
    private readonly Lazy<IDataProtector> _protector;
    private readonly CachedTable<List<Row>, Known> _watched;

    public WebhookEndpointStore(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, ConfiguredWebhooks settings,
        FailingWebhooks failing, SecretRegistry redaction, TimeProvider clock, ILogger<WebhookEndpointStore> logger)
    {
        (_database, _audit, _settings, _failing, _redaction, _clock, _logger) = (database, audit, settings, failing, redaction, clock,
            logger);
        // At the first webhook: the key ring is in the database, and making its first key is a write.
        _protector = new Lazy<IDataProtector>(() => protection.CreateProtector(Purpose));
        _watched = new CachedTable<List<Row>, Known>(
            "webhooks", new Known([], FrozenDictionary<string, Item>.Empty, FrozenSet<string>.Empty), database, ReadAsync, KnownOf, logger);
    }

    /// <summary>Those that can be called. The same list until something changes.</summary>
    public IReadOnlyList<WebhookEndpoint> All => _watched.Now.All;

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>What is stored under a name, also what cannot be decrypted any more; null: nothing.</summary>
    public StoredWebhookEndpoint? Find(string name) => _watched.Now.ByName.TryGetValue(name, out var item) ? item.View : null;

    /// <summary>By name.</summary>
    public IEnumerable<StoredWebhookEndpoint> Stored => _watched.Now.ByName.Values.Select(i => i.View).OrderBy(v => v.Name, StringComparer.Ordinal);

    /// <summary>Adds a webhook, or changes what <paramref name="change"/> names of one. A secret that is replaced signs as well for <see cref="Overlap"/>.</summary>
    /// <exception cref="WebhookEndpointRefusedException">There are too many, a new one lacks its address or its secret, or one that must be new is not.</exception>
    /// <returns>True: it is new.</returns>
    public async Task<bool> PutAsync(KeyGrant by, string name, WebhookEndpointChange change, CancellationToken cancellation)
    {
        var address = change.Url is { } url ? Protect(url.ToString()) : null;
        var secret = change.Secret is { } given ? Protect(given) : null;
        var added = await ChangeAsync(async unit =>
        {
            var now = _clock.GetUtcNow();
            if (await FindAsync(unit, name) is not { } before)
            {
                if (address is null || secret is null) throw new WebhookEndpointRefusedException("missing");
                // Its backlog must not reach whoever comes after it.
                if (await unit.NumberAsync("SELECT 1 FROM webhook WHERE name = $1", name) is not null)
                    throw new WebhookEndpointRefusedException("name_in_use");
                // Decisions that name it, and deliveries that can be sent again, are those of whoever had the name before.
                if (await OwnedObjects.OwnerOfAsync(unit, "", OwnedObjects.Webhook, name) is { } former && !by.MayChange(former)) throw new WebhookEndpointRefusedException("name_in_use");
                if (await unit.NumberAsync("SELECT COUNT(*) FROM webhook") >= Most) throw new WebhookEndpointRefusedException("too_many_webhooks");
                if ((change.Owner ?? by.Owner) is { Length: > 0 } system && await unit.NumberAsync("SELECT COUNT(*) FROM webhook WHERE owner = $1", system) >= MostOfSystem)
                    throw new WebhookEndpointRefusedException("too_many_webhooks");
                await WriteAsync(unit, new Row(name, address, secret, null, null, Text(change.Events ?? []), (long)(change.Timeout ?? Default).TotalMilliseconds, null, now, by.Who.Name,
                    change.Owner ?? by.Owner, KeyReach.Text(by.Reach?.Apps)));
                await _failing.BeginAsync(unit, name);
                await _audit.AddAsync(unit, by.Who, "webhook.created", name, Detail(change));
                return true;
            }

            Demand(by, before, "name_in_use");
            if (change.MustBeNew) throw new WebhookEndpointRefusedException("name_in_use");
            // Another address is another receiver: that the old one was gone says nothing of it.
            await WriteAsync(unit, Renewed(before, secret, now) with
            {
                Url = address ?? before.Url, Events = change.Events is { } events ? Text(events) : before.Events,
                Timeout = change.Timeout is { } timeout ? (long)timeout.TotalMilliseconds : before.Timeout, GoneAt = address is null ? before.GoneAt : null, ChangedAt = now, ChangedBy = by.Who.Name, Owner = change.Owner ?? before.Owner,
            });
            if (address is not null) await _failing.BeginAsync(unit, name);
            await _audit.AddAsync(unit, by.Who, "webhook.changed", name, Detail(change));
            return false;
        }, cancellation);
        return added;
    }

    /// <summary>Replaces the secret; the one until now signs as well for <see cref="Overlap"/>.</summary>
    /// <returns>Until when; null: there is no such webhook.</returns>
    public async Task<DateTimeOffset?> RotateAsync(KeyGrant by, string name, string secret, CancellationToken cancellation)
    {
        var hidden = Protect(secret);
        return await ChangeAsync(async unit =>
        {
            if (await FindAsync(unit, name) is not { } before) return null;
            Demand(by, before, "not_found");
            var now = _clock.GetUtcNow();
            var renewed = Renewed(before, hidden, now) with { ChangedAt = now, ChangedBy = by.Who.Name };
            await WriteAsync(unit, renewed);
            await _audit.AddAsync(unit, by.Who, "webhook.rotated", name);
            return renewed.PreviousUntil;
        }, cancellation);
    }

    /// <summary>Lets one that answered 410, or failed for too long, get webhooks again.</summary>
    /// <returns>False: there is no such webhook.</returns>
    public Task<bool> EnableAsync(KeyGrant by, string name, CancellationToken cancellation) => ChangeAsync(async unit =>
    {
        if (await FindAsync(unit, name) is not { } before) return false;
        Demand(by, before, "not_found");
        if (!await _failing.EnableAsync(unit, name) && before.GoneAt is null) return true;
        await WriteAsync(unit, before with { GoneAt = null, ChangedAt = _clock.GetUtcNow(), ChangedBy = by.Who.Name });
        await _audit.AddAsync(unit, by.Who, "webhook.enabled", name);
        return true;
    }, cancellation);

    /// <summary>It answered 410: it gets nothing more, from any process, until somebody switches it on. One that has another address by now answered nothing.</summary>
    public async Task GoneAsync(WebhookEndpoint webhook, CancellationToken cancellation)
    {
        await _watched.LookAsync(cancellation);
        if (!_watched.Now.ByName.TryGetValue(webhook.Name, out var known) || known.View.WebhookEndpoint?.Url != webhook.Url) return;
        await ChangeAsync(async unit =>
        {
            if (await FindAsync(unit, webhook.Name) is not { GoneAt: null } before || before.Url != known.Row.Url) return false;
            await WriteAsync(unit, before with { GoneAt = _clock.GetUtcNow() });
            await _audit.AddAsync(unit, Actor.System, "webhook.gone", webhook.Name);
            return true;
        }, cancellation);
    }

    /// <summary>
    /// Takes a webhook away. Messages that wait for it become dead letters (<c>webhook_removed</c>), a batch at a time: from the
    /// first moment on it gets nothing, and its name is free when the last is dead. Should this process die before, another goes on
    /// (<see cref="WebhookEndpointRemovals"/>).
    /// </summary>
    /// <param name="by">Who does it.</param>
    /// <param name="name">Which.</param>
    /// <param name="force">Also when messages wait for it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>How many messages became dead letters; null: there is no such webhook.</returns>
    /// <exception cref="WebhookEndpointRefusedException">Messages wait for it.</exception>
    public async Task<int?> DeleteAsync(KeyGrant by, string name, bool force, CancellationToken cancellation)
    {
        // Counted before: nobody has to wait with his change until a long backlog is read.
        var waiting = await _database.ReadAsync(sql => WebhookRows.CountWaitingAsync(sql, name), cancellation);
        var (found, rest) = await ChangeAsync(async unit =>
        {
            if (await FindAsync(unit, name) is not { } before) return (false, false);
            DemandOwner(by, before, "not_found");
            var now = _clock.GetUtcNow();
            var waits = await WebhookRows.AnyWaitsAsync(unit, name);
            if (waits && !force) throw new WebhookEndpointRefusedException("deliveries_waiting") { Waiting = Math.Max(waiting, 1) };
            await _audit.AddAsync(unit, by.Who, "webhook.deleted", name, waits ? new JsonObject { ["dead"] = Math.Max(waiting, 1) } : null);
            if (waits)
                await unit.ExecuteAsync("UPDATE webhook SET removed_at = $2, removed_by = $3 WHERE name = $1",
                    name, now.ToUnixTimeMilliseconds(), by.Who.Name);
            else
                await RemoveAsync(unit, name, before.Owner, now);
            return (true, waits);
        }, cancellation);
        if (!found) return null;
        return rest ? await EndRemovalAsync(name, by.Who.Name, cancellation) : 0;
    }

    /// <summary>Ends the removals that their processes did not: every webhook that still waits becomes a dead letter.</summary>
    /// <returns>How many did.</returns>
    public async Task<int> EndRemovalsAsync(CancellationToken cancellation)
    {
        var begun = await _database.ReadAsync(sql => sql.QueryAsync(
            "SELECT name, removed_by FROM webhook WHERE removed_at IS NOT NULL ORDER BY name",
            static row => (Name: row.GetString(0), By: row.Text(1) ?? Actor.System.Name)), cancellation);
        var dead = 0;
        foreach (var (name, by) in begun) dead += await EndRemovalAsync(name, by, cancellation);
        return dead;
    }

    /// <summary>It is being taken away: what waits for it dies of that.</summary>
    public bool IsBeingRemoved(string name) => _watched.Now.Removed.Contains(name);

    private async Task<int> EndRemovalAsync(string name, string by, CancellationToken cancellation)
    {
        var dead = 0;
        for (var ended = false; !ended;)
        {
            dead += await RemovedBacklog.DeadLetterAsync(_database, name, by, _clock, cancellation);
            ended = await ChangeAsync(async unit =>
            {
                // Another process may have ended it; or a process that had not heard of it has queued one more.
                var owner = await unit.FirstAsync(
                    "SELECT owner FROM webhook WHERE name = $1 AND removed_at IS NOT NULL", static row => row.GetString(0), name);
                if (owner is null) return true;
                if (await WebhookRows.AnyWaitsAsync(unit, name)) return false;
                await RemoveAsync(unit, name, owner, _clock.GetUtcNow());
                return true;
            }, cancellation);
        }

        return dead;
    }

    private async ValueTask RemoveAsync(IUnitOfWork unit, string name, string owner, DateTimeOffset at)
    {
        await unit.ExecuteAsync("DELETE FROM webhook WHERE name = $1", name);
        await _failing.ForgetAsync(unit, name);
        await OwnedObjects.ReserveAsync(unit, OwnedObjects.Webhook, name, owner, at);
    }

    public void Dispose() => _watched.Dispose();

    /// <summary>It is the caller's to change, and he may have sent what it gets: whoever redirects or renews it could read that.</summary>
    private static void Demand(KeyGrant by, Row before, string missing)
    {
        DemandOwner(by, before, missing);
        foreach (var type in EventsOf(before))
        {
            if (EventRights.Missing(by, type) is not null) throw new WebhookEndpointRefusedException("event_not_held") { Event = type };
        }
    }

    private static void DemandOwner(KeyGrant by, Row before, string missing)
    {
        var apps = AppsOf(before);
        var inReach = by.Reach?.Apps is null || (apps is not null && apps.All(by.MayUse));
        if (!by.MayRead(before.Owner) || !inReach) throw new WebhookEndpointRefusedException(missing);
        if (!by.MayChange(before.Owner)) throw new WebhookEndpointRefusedException("system_not_held");
    }

    private static string[] EventsOf(Row row) => JsonSerializer.Deserialize<string[]>(row.Events) ?? [];

    private static string[]? AppsOf(Row row) => row.Apps is null ? null : JsonSerializer.Deserialize<string[]>(row.Apps);

    private static TimeSpan Default => TimeSpan.FromSeconds(15);

    private async Task<T> ChangeAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation)
    {
        var done = await _watched.ChangeAsync(work, cancellation);
        await _failing.FollowAsync(cancellation);
        return done;
    }

    private static Row Renewed(Row before, string? secret, DateTimeOffset now) => secret is null ? before
        : before with { Secret = secret, PreviousSecret = before.Secret, PreviousUntil = now + Overlap };

    private string Protect(string text) => _protector.Value.Protect(text);

    /// <summary>The host alone: a path may be a secret.</summary>
    private static JsonObject Detail(WebhookEndpointChange change)
    {
        var detail = new JsonObject();
        if (change.Url is { } url) detail["host"] = url.Authority;
        if (change.Events is { } events) detail["events"] = new JsonArray([.. events.Select(e => (JsonNode?)e)]);
        if (change.Timeout is { } timeout) detail["timeout_seconds"] = timeout.TotalSeconds;
        if (change.Owner is { } owner) detail["system"] = owner;
        if (change.Secret is not null) detail["secret"] = true;
        return detail;
    }

    private static string Text(IReadOnlyList<string> events) => JsonSerializer.Serialize(events.Distinct(StringComparer.Ordinal));

    private static async ValueTask WriteAsync(IUnitOfWork unit, Row row) => await unit.ExecuteAsync($"""
        INSERT INTO webhook ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (name) DO UPDATE SET url = excluded.url, secret = excluded.secret, previous_secret = excluded.previous_secret, previous_until = excluded.previous_until,
          events = excluded.events, timeout_ms = excluded.timeout_ms, gone_at = excluded.gone_at, changed_at = excluded.changed_at, changed_by = excluded.changed_by, owner = excluded.owner, apps = excluded.apps
        """, row.Name, row.Url, row.Secret, row.PreviousSecret, row.PreviousUntil?.ToUnixTimeMilliseconds(), row.Events, row.Timeout, row.GoneAt?.ToUnixTimeMilliseconds(),
        row.ChangedAt.ToUnixTimeMilliseconds(), row.ChangedBy, row.Owner, row.Apps);

    private static ValueTask<Row?> FindAsync(IUnitOfWork unit, string name) =>
        unit.FirstAsync($"SELECT {ReadColumns} FROM webhook WHERE name = $1 AND removed_at IS NULL", Read, name);

    private static ValueTask<List<Row>> ReadAsync(ISql sql) => sql.QueryAsync($"SELECT {ReadColumns} FROM webhook", Read);

    private static Row Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.TimeOrNull(4), row.GetString(5), row.GetInt64(6),
        row.TimeOrNull(7), row.Time(8), row.GetString(9), row.GetString(10), row.Text(11)) { Removed = !row.IsDBNull(12) };

    private Known KnownOf(long version, List<Row> rows)
    {
        var before = _watched.Now;
        var items = rows.Where(static row => !row.Removed)
            .Select(row => before.ByName.TryGetValue(row.Name, out var known) && known.Row == row ? known : ItemOf(row))
            .ToFrozenDictionary(i => i.Row.Name, StringComparer.Ordinal);
        _redaction.Tell("webhooks", items.Values.SelectMany(i => i.Secrets), items.Values.SelectMany(i => i.Addresses));
        var removed = rows.Where(static row => row.Removed).Select(static row => row.Name).ToFrozenSet(StringComparer.Ordinal);
        return new Known([.. items.Values.Select(i => i.View.WebhookEndpoint).OfType<WebhookEndpoint>()], items, removed);
    }

    private Item ItemOf(Row row)
    {
        var url = Unprotect(row, row.Url);
        var (text, before) = (Unprotect(row, row.Secret), row.PreviousSecret is { } hidden ? Unprotect(row, hidden) : null);
        var secret = WebhookSecret.TryParse(text, out var parsed) ? parsed : null;
        var previous = WebhookSecret.TryParse(before, out var old) ? old : null;
        var view = new StoredWebhookEndpoint(row.Name, row.GoneAt, row.PreviousUntil, row.ChangedAt, row.ChangedBy, row.Owner, url is null || secret is null ? null : new WebhookEndpoint
        {
            Name = row.Name, Url = new Uri(url), Secret = secret, PreviousSecret = previous, PreviousUntil = row.PreviousUntil, IsStored = true, GoneAt = row.GoneAt, Owner = row.Owner, Apps = AppsOf(row),
            Events = EventsOf(row).ToFrozenSet(StringComparer.Ordinal),
            Private = _settings.PrivateReach, Timeout = TimeSpan.FromMilliseconds(row.Timeout),
        });
        return new Item(row, view, [text, before], url is null ? [] : [.. ConfiguredSecrets.OfGivenAddress(new Uri(url))]);
    }

    private string? Unprotect(Row row, string hidden)
    {
        try
        {
            return _protector.Value.Unprotect(hidden);
        }
        catch (CryptographicException e)
        {
            WebhookUnreadable(row.Name, e);
            return null;
        }
    }

    /// <summary>As it lies in the table; equal rows are the same webhook.</summary>
    private sealed record Row(string Name, string Url, string Secret, string? PreviousSecret, DateTimeOffset? PreviousUntil, string Events, long Timeout, DateTimeOffset? GoneAt,
        DateTimeOffset ChangedAt, string ChangedBy, string Owner, string? Apps)
    {
        /// <summary>It is taken away as soon as nothing waits for it any more.</summary>
        public bool Removed { get; init; }
    }

    /// <summary>Not a record: its text would show the secrets.</summary>
    private sealed class Item(Row row, StoredWebhookEndpoint view, IReadOnlyList<string?> secrets, IReadOnlyList<string> addresses)
    {
        public Row Row { get; } = row;

        public StoredWebhookEndpoint View { get; } = view;

        /// <summary>As they must not be shown.</summary>
        public IReadOnlyList<string?> Secrets { get; } = secrets;

        /// <summary>What is secret of the address.</summary>
        public IReadOnlyList<string> Addresses { get; } = addresses;
    }

    private sealed record Known(IReadOnlyList<WebhookEndpoint> All, FrozenDictionary<string, Item> ByName, FrozenSet<string> Removed);

    [LoggerMessage(LogLevel.Error,
        "The webhook {Webhook} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another one. Set its address and secret again")]
    private partial void WebhookUnreadable(string webhook, Exception error);
}

/// <summary>A stored webhook for those who administer it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GoneAt">When it answered 410.</param>
/// <param name="PreviousUntil">Until when the secret before signs as well.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="ChangedBy">By whom.</param>
/// <param name="Owner">The system that it belongs to; empty: the administrators'.</param>
/// <param name="WebhookEndpoint">Null: it cannot be decrypted any more, and gets nothing until address and secret are set again.</param>
internal sealed record StoredWebhookEndpoint(string Name, DateTimeOffset? GoneAt, DateTimeOffset? PreviousUntil, DateTimeOffset ChangedAt, string ChangedBy, string Owner, WebhookEndpoint? WebhookEndpoint);

/// <summary>What is to be changed of a webhook; null: nothing of that. Not a record: its text would show the secret.</summary>
internal sealed class WebhookEndpointChange
{
    public Uri? Url { get; init; }

    public string? Secret { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary>The system that it belongs to from now on; null: as it was, or the caller's.</summary>
    public string? Owner { get; init; }

    /// <summary>One that is there already is left as it is.</summary>
    public bool MustBeNew { get; init; }
}

/// <summary>A webhook is not changed.</summary>
/// <param name="word"><c>missing</c>, <c>too_many_webhooks</c>, <c>name_in_use</c>, <c>deliveries_waiting</c>, <c>not_found</c> (or another system's), <c>system_not_held</c>, <c>event_not_held</c>.</param>
internal sealed class WebhookEndpointRefusedException(string word) : Exception(word)
{
    public string Word { get; } = word;

    /// <summary>The type of events that the caller may not have sent.</summary>
    public string? Event { get; init; }

    /// <summary>Webhooks that wait.</summary>
    public int Waiting { get; init; }
}

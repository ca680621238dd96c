using System.Collections.Concurrent;
using System.Threading.Channels;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Ingress;

/// <summary>When a platform last reached each app, by an event or by a check of the address. Kept over restarts, to about a minute; the
/// first contact at once.</summary>
/// <remarks>Apps are those of the settings and what is noted was verified before: nobody else adds a row. Deliveries do not wait for the
/// writing, nor fail with it.</remarks>
internal sealed partial class PlatformContacts(IDatabase database, TimeProvider clock, ILogger<PlatformContacts> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Platform, string App), Seen> _seen = new();
    private readonly Channel<bool> _work =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Since when this process listens.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    /// <summary>A verified delivery came.</summary>
    public void CameAsEvent(string platform, string app) => Note(platform, app, isEvent: true);

    /// <summary>The platform has checked the address, and was answered.</summary>
    public void CameAsCheck(string platform, string app) => Note(platform, app, isEvent: false);

    /// <summary>The last contacts of an app: those of this process, and those that any process has written down.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async Task<PlatformContact> LastAsync(string platform, string app, CancellationToken cancellation)
    {
        var kept = await database.ReadAsync(sql => sql.FirstAsync(
            "SELECT event_at, check_at FROM platform_contact WHERE platform = $1 AND app = $2",
            static row => new PlatformContact(row.TimeOrNull(0), row.TimeOrNull(1)), platform, app),
                cancellation) ?? new PlatformContact(null, null);
        if (!_seen.TryGetValue((platform, app), out var seen)) return kept;
        var now = seen.Now;
        return new(Later(kept.Event, now.Event), Later(kept.Check, now.Check));
    }

    /// <summary>What came last is written too.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _work.Reader.WaitToReadAsync(stoppingToken))
            {
                _work.Reader.TryRead(out _);
                await WriteAsync(stoppingToken);
                await Task.Delay(Every, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // StopAsync writes the rest.
        }
    }

    private void Note(string platform, string app, bool isEvent)
    {
        if (_seen.GetOrAdd((platform, app), static _ => new Seen()).Note(clock.GetUtcNow(), isEvent)) _work.Writer.TryWrite(true);
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        foreach (var ((platform, app), seen) in _seen)
        {
            if (!seen.TakeUnwritten(out var contact)) continue;
            var (came, asked) = (contact.Event?.ToUnixTimeMilliseconds() ?? 0, contact.Check?.ToUnixTimeMilliseconds() ?? 0);
            try
            {
                await database.TransactAsync(async unit => await unit.ExecuteAsync("""
                    INSERT INTO platform_contact (platform, app, event_at, check_at) VALUES ($1, $2, NULLIF($3, 0), NULLIF($4, 0))
                    ON CONFLICT (platform, app) DO UPDATE SET
                      event_at = CASE WHEN COALESCE(platform_contact.event_at, 0) < $3 THEN $3 ELSE platform_contact.event_at END,
                      check_at = CASE WHEN COALESCE(platform_contact.check_at, 0) < $4 THEN $4 ELSE platform_contact.check_at END
                    """, platform, app, came, asked), cancellation);
            }
            catch (Exception e)
            {
                // Known in memory, and tried again in the next round; a database that refuses it ends no process.
                seen.PutBack();
                _work.Writer.TryWrite(true);
                ContactNotWritten(platform, app, e.Message);
            }
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    /// <summary>What this process knows of one app.</summary>
    private sealed class Seen
    {
        private readonly Lock _gate = new();
        private DateTimeOffset? _event;
        private DateTimeOffset? _check;
        private bool _unwritten;

        public PlatformContact Now
        {
            get
            {
                lock (_gate) return new(_event, _check);
            }
        }

        /// <returns>True: nothing of it waits to be written yet.</returns>
        public bool Note(DateTimeOffset at, bool isEvent)
        {
            lock (_gate)
            {
                if (isEvent) _event = at;
                else _check = at;
                (var waits, _unwritten) = (_unwritten, true);
                return !waits;
            }
        }

        public bool TakeUnwritten(out PlatformContact contact)
        {
            lock (_gate)
            {
                contact = new(_event, _check);
                (var waits, _unwritten) = (_unwritten, false);
                return waits;
            }
        }

        public void PutBack()
        {
            lock (_gate) _unwritten = true;
        }
    }

    [LoggerMessage(LogLevel.Information, "When {Platform} last reached the app {App} is not written down yet ({Reason})")]
    private partial void ContactNotWritten(string platform, string app, string reason);
}

/// <summary>When a platform last reached an app.</summary>
/// <param name="Event">By an event; null: never.</param>
/// <param name="Check">By a check of the address; null: never.</param>
internal sealed record PlatformContact(DateTimeOffset? Event, DateTimeOffset? Check)
{
    /// <summary>By either.</summary>
    public DateTimeOffset? Last => Event is null || Check > Event ? Check ?? Event : Event;
}

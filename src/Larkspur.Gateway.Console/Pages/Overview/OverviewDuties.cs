using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.Pages.Welcome;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>What waits for somebody, with the page where it is done.</summary>
internal sealed class OverviewDuties(
    IDatabase database, PaymentStore payments, ApiKeys keys, AccountStore accounts, WebhookRestEndpoints webhooks, AppConnector apps,
    TimeProvider clock)
{
    private const int MostKeys = 200;
    private const int MostHooks = 5;

    /// <summary>Counting costs more than the page's own figures: everybody who looks shares one look for so long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private volatile Look? _last;

    /// <summary>What waits.</summary>
    /// <param name="inbox">Dead events.</param>
    /// <param name="outbox">Dead messages.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<OverviewDuty>> ReadAsync(long inbox, long outbox, CancellationToken cancellation)
    {
        if (_last is { } last && last.IsOf(inbox, outbox) && clock.GetElapsedTime(last.At) < Kept) return last.Found;
        var found = new List<OverviewDuty>();
        void Add(bool holds, LocalText text, string path)
        {
            if (holds) found.Add(new OverviewDuty(text, path));
        }

        try
        {
            var now = clock.GetUtcNow();
            Add(apps.Connected.Count == 0, OverviewTexts.NoApps, ConsolePaths.Welcome);
            Add(inbox > 0, OverviewTexts.DeadEvents(inbox), "/console/deliveries?box=inbox&status=dead");
            Add(outbox > 0, OverviewTexts.DeadMessages(outbox), "/console/deliveries?box=outbox&status=dead");
            var hooks = await webhooks.ViewsAsync(cancellation);
            var off = hooks.Count(w => w.State != "active");
            Add(off > 0, OverviewTexts.WebhooksOff(off), "/console/webhooks");
            // A circuit is this process's; another process may have found out first, and its page says so.
            foreach (var hook in hooks.Where(w => w is { State: "active", Waiting: > 0, Circuit: "open" or "half_open" }).Take(MostHooks))
                Add(true, OverviewTexts.WebhookAway(hook.Name, hook.Waiting), "/console/webhooks");
            var ending = (await keys.ListAsync(revoked: false, null, MostKeys, cancellation)).Count(k => KeyExpiry.Warns(k.ExpiresAt, now));
            Add(ending > 0, OverviewTexts.KeysEnd(ending), "/console/api-keys");
            var left = await database.ReadAsync(KeyHolders.CountLeftAsync, cancellation);
            Add(left > 0, OverviewTexts.KeysLeft(left), "/console/api-keys");
            if ((await accounts.ListAsync(cancellation)).Find(a => a is { Disabled: false, PersonLeftAt: not null }) is { } kept)
                Add(true, OverviewTexts.LastAdministratorLeft(kept.Name), "/console/accounts");
            var pending = (await database.ReadAsync(sql => payments.CountAsync(sql), cancellation)).FirstOrDefault(s =>
                s.State == "pending").Count;
            Add(pending > 0, OverviewTexts.PaymentsPending(pending), "/console/payments");
            foreach (var run in await database.ReadAsync(RunStore.WaitingAsync, cancellation))
                Add(true, AskedOf(run), "/console/directory");
            var pairs = await database.ReadAsync(PersonMatches.CountOpenAsync, cancellation);
            Add(pairs > 0, OverviewTexts.PeopleMayBeOne(pairs), "/console/directory?show=links");
        }
        catch (StorageUnavailableException)
        {
            // The banner says that the database is away.
        }

        _last = new Look(clock.GetTimestamp(), inbox, outbox, found);
        return found;
    }

    private static LocalText AskedOf(RunRow run) => run.Counts.Left > 0
        ? OverviewTexts.DirectoryAsks(PlatformTexts.Of(run.Platform), run.Counts.Left)
        : OverviewTexts.DirectoryAsksChanges(PlatformTexts.Of(run.Platform));

    private sealed record Look(long At, long Inbox, long Outbox, IReadOnlyList<OverviewDuty> Found)
    {
        public bool IsOf(long inbox, long outbox) => (Inbox, Outbox) == (inbox, outbox);
    }
}

/// <summary>Something that waits for somebody.</summary>
/// <param name="Text">What.</param>
/// <param name="Path">Where it is done.</param>
internal sealed record OverviewDuty(LocalText Text, string Path);

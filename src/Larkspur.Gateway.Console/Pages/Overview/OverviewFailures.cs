using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.Deliveries;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>What was given up last, each with why.</summary>
internal sealed class OverviewFailures(OutboxQueries outbox, InboxQueries inbox)
{
    private const int Shown = 5;

    public async Task<IReadOnlyList<OverviewFailure>> ReadAsync(CancellationToken cancellation)
    {
        var filter = new RowFilter { Status = "dead", Limit = Shown };
        try
        {
            var messages = (await outbox.ListAsync(filter, cancellation)).Items.Select(m => new OverviewFailure("outbox", m.Id,
                m.FinishedAt ?? m.CreatedAt, m.Target,
                m.Platform == "webhook" ? DeliveriesTexts.OfReason(m.Reason ?? "") : FailureTexts.SentenceOf(m.Platform, m.Reason ?? "")));
            var events = (await inbox.ListAsync(filter, cancellation)).Items.Select(e =>
                new OverviewFailure("inbox", e.Id, e.FinishedAt ?? e.ReceivedAt, e.EventType, DeliveriesTexts.OfReason(e.Reason ?? "")));
            return [.. messages.Concat(events).OrderByDescending(f => f.At).Take(Shown)];
        }
        catch (StorageUnavailableException)
        {
            return [];
        }
    }
}

/// <summary>Something that was given up.</summary>
/// <param name="Box"><c>inbox</c> or <c>outbox</c>.</param>
/// <param name="Id">Its row.</param>
/// <param name="At">When.</param>
/// <param name="What">The receiver, or the type of the event.</param>
/// <param name="Why">In a sentence.</param>
internal sealed record OverviewFailure(string Box, long Id, DateTimeOffset At, string What, LocalText Why)
{
    public string Path => $"/console/deliveries?box={Box}&status=dead&row={Id}";
}

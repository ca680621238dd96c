using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>A card to a person of the company, which proves that everything works: it goes the way that every message goes.</summary>
internal sealed class FirstCard(IDatabase database, IEnumerable<IConversationChannel> channels, OutboxQueries queries, AuditTrail audit)
{
    /// <summary>Where the platform's default app would write to somebody; null: this is no id that the platform knows.</summary>
    public ReplyAddress? AddressOf(string platform, string person) => ChannelOf(platform).AddressOf(AppNames.Default, person);

    /// <summary>Queues the card.</summary>
    /// <param name="who">Who sends it.</param>
    /// <param name="platform">By which platform.</param>
    /// <param name="to">Of <see cref="AddressOf"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<SentCard> SendAsync(Actor who, string platform, ReplyAddress to, CancellationToken cancellation)
    {
        var key = "console first card " + Guid.NewGuid().ToString("N");
        var reference = Reference.For("console", AppNames.Default, key);
        await audit.AddAsync(who, "message.test_sent", to.Target, cancellation: cancellation);
        await database.TransactAsync(async unit => await ChannelOf(platform).SayAsync(unit, AppNames.Default, to, WelcomeTexts.Card, key,
            reference), cancellation);
        return new SentCard(platform, to, reference);
    }

    /// <summary>What became of it.</summary>
    public async Task<OutboxItem?> FindAsync(SentCard card, CancellationToken cancellation)
    {
        var filter = new RowFilter { Platform = card.Platform, Target = card.To.Target, Limit = 20 };
        return (await queries.ListAsync(filter, cancellation)).Items.FirstOrDefault(m => m.Reference == card.Reference);
    }

    private IConversationChannel ChannelOf(string platform) => channels.First(c => c.Platform == platform);
}

/// <summary>A card on its way.</summary>
/// <param name="Platform">By which platform.</param>
/// <param name="To">To whom.</param>
/// <param name="Reference">Under which its row is found.</param>
internal sealed record SentCard(string Platform, ReplyAddress To, string Reference);

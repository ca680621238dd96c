using Larkspur.Gateway.Outbox;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>Shows the end of a bot's answer: in its stream while that lives, and the rest, or all of it, in messages. Each step is put down, so that another attempt goes on after it.</summary>
internal sealed class ReplyDelivery(ReplyStore store, LiveReplies live, TimeProvider clock)
{
    /// <summary>In place of a number of messages: the stream's end was tried, and nobody knows what became of it.</summary>
    private const int EndInDoubt = -1;

    /// <summary>By callback the platform asks for the end, about once a second: the row waits for that.</summary>
    private static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

    /// <summary>By callback: for so long an end waits to be asked for. Who asks once a second has asked many times by then.</summary>
    private static readonly TimeSpan PollPatience = TimeSpan.FromSeconds(20);

    /// <summary>By callback: a message whose answer did not arrive comes three times in all, each with 5 s for its answer; so long, and as long again for the way, a stream may still be begun.</summary>
    private static readonly TimeSpan Repetitions = TimeSpan.FromSeconds(30);

    /// <summary>Nobody could ask this process for anything before.</summary>
    private readonly DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>By callback: words that have no answer's stream take the one that their message was answered with, if it is free.</summary>
    /// <returns>True: the stream has them; deliver its end.</returns>
    public async Task<bool> TakeStreamAsync(WeComApp app, WeComReplyTo to, string words, OutboxEntry entry, CancellationToken cancellation)
    {
        if (app.BotReceiver is null || to.StreamId is not { } stream || clock.GetUtcNow() >= to.StreamsUntil) return false;
        var reply = await store.BeginAsync(app.Name, stream, entry.IdempotencyKey, to.ClosesAt, cancellation);
        if (reply.Turn != entry.IdempotencyKey) return false;
        if (reply.State == ReplyState.Writing) await store.WholeAsync(app.Name, stream, words, cancellation);
        return true;
    }

    /// <param name="app">The bot's app.</param>
    /// <param name="sending">By which messages leave.</param>
    /// <param name="to">The conversation.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="entry">The row.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ChannelException">The answer is gone, is refused, or has to wait.</exception>
    public async Task<string?> DeliverAsync(WeComApp app, WeComSending sending, WeComReplyTo to, string stream, OutboxEntry entry, CancellationToken cancellation)
    {
        // Before the answer is read: a frame on its way may close it.
        await live.QuietAsync(app.Name, stream);
        var reply = await store.FindAsync(app.Name, stream, cancellation) ?? throw new ChannelException("reply_forgotten", "The answer's row is gone", transient: false);
        if (reply.State == ReplyState.Sent) return stream;
        if (reply is { State: ReplyState.Whole, Shown: null })
        {
            var shown = app.Bot is { } bot ? await TryEndAsync(app.Name, bot, to, reply, cancellation) : app.BotReceiver is not null && IsPolled(app, to, entry);
            // The other of the two may have been first: a poll has just taken the end, or the stream was closed.
            var mine = shown ? await store.EndShownAsync(app.Name, stream, cancellation) : await store.ClosedAsync(app.Name, stream, "", cancellation);
            if (!mine && await store.FindAsync(app.Name, stream, cancellation) is { } moved) reply = moved;
            else reply = shown ? reply with { State = ReplyState.EndShown, HasThumbs = true } : reply with { Shown = "" };
        }

        IReadOnlyList<string> rest = reply.State == ReplyState.EndShown ? StreamFace.Pages(reply.Text).Skip(1).ToArray() : StreamFace.Rest(reply.Text, reply.Shown ?? "");
        if (rest.Count > 1 && app.Bot is null && (to.IsGroup || app.Client is null)) rest = [StreamFace.CutShort(rest[0], reply.Text)];
        // By callback the stream's end has brought the card.
        var card = app.BotReceiver is not null && reply.State == ReplyState.EndShown ? null : reply.ButtonsShown();
        await SendRestAsync(app, sending, to, reply, rest, card, entry, cancellation);
        await store.SentAsync(app.Name, stream, cancellation);
        return stream;
    }

    /// <returns>False: the stream takes no more, its time is over or the platform does not know it. The end is then said in another way.</returns>
    private async Task<bool> TryEndAsync(string app, WeComBot bot, WeComReplyTo to, Reply reply, CancellationToken cancellation)
    {
        if (to.RequestId is null || clock.GetUtcNow() >= to.StreamsUntil) return false;
        if (!bot.IsConnected) throw WeComSending.NotConnected();
        // Put down before: should nobody learn what becomes of this try, the next one knows of it.
        var inDoubt = reply.Pages == EndInDoubt;
        if (!inDoubt) await store.PagedAsync(app, reply.StreamId, EndInDoubt, cancellation);
        try
        {
            // The first frame brings the platform's thumbs, also when it is the last one.
            var end = AiBotAnswer.Stream(
                reply.StreamId, StreamFace.Pages(reply.Text)[0], finish: true, feedbackId: reply.HasThumbs ? null : reply.Turn);
            await bot.Connection.RespondAsync(to.Delivery(bot.BotId), end, cancellation);
            return true;
        }
        catch (AiBotLimitException e) when (inDoubt && e.Limit == AiBotLimit.StreamLife && clock.GetUtcNow() < to.ClosesAt)
        {
            // Its time is not over, so it has ended because the try in doubt arrived. Later nobody can tell, and an answer that comes twice is better than none.
            return true;
        }
        catch (Exception e) when (WeComErrors.IsKnown(e))
        {
            var why = WeComErrors.Translate(e);
            // It was not taken, and the next try must not believe that it may have been.
            if (!inDoubt && !why.Ambiguous) await store.PagedAsync(app, reply.StreamId, 0, cancellation);
            return why.Transient ? throw why : false;
        }
    }

    /// <returns>False: its time is over; or the platform does not ask for it, since none of the answers to its message arrived, and there is another way.</returns>
    /// <exception cref="ChannelException">The platform has still time to ask for the end.</exception>
    private bool IsPolled(WeComApp app, WeComReplyTo to, OutboxEntry entry)
    {
        var now = clock.GetUtcNow();
        if (now >= to.StreamsUntil) return false;
        var asked = entry.CreatedAt > _since ? entry.CreatedAt : _since;
        if (now >= to.At + Repetitions && now >= asked + PollPatience && WeComSending.HasAnotherWay(app, to, now)) return false;
        throw new ChannelException("not_polled", "The platform has not asked for the end of the stream yet", transient: true) { NotTried = true, RetryAfter = PollPause };
    }

    private async Task SendRestAsync(WeComApp app, WeComSending sending, WeComReplyTo to, Reply reply, IReadOnlyList<string> rest, WeComButtons? card, OutboxEntry entry, CancellationToken cancellation)
    {
        for (var page = Math.Max(0, reply.Pages); page < rest.Count; page++)
        {
            await sending.SayAsync(app, to, rest[page], entry, page, cancellation);
            await store.PagedAsync(app.Name, reply.StreamId, page + 1, cancellation);
        }

        if (card is null || reply.Pages > rest.Count) return;
        await sending.ShowAsync(app, to, card, entry, cancellation);
        await store.PagedAsync(app.Name, reply.StreamId, rest.Count + 1, cancellation);
    }
}

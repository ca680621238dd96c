using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>
/// What a bot by callback shows: the first answer to a message, and the answers to the platform's polls. Nothing of it is recorded but that
/// the platform has the stream, with its thumbs, and that the end was asked for.
/// </summary>
internal sealed class StreamPolls(LiveReplies live, ReplyStore store, TimeProvider clock)
{
    /// <summary>Begins the stream of a message, or, when it was delivered again, shows how far it is. The end is left to a poll: that one comes only when this answer has arrived.</summary>
    public async Task<AiBotAnswer> BeginAsync(WeComApp app, AiBotDelivery message, CancellationToken cancellation)
    {
        var stream = WeComIncoming.StreamOf(message.Id);
        var reply = await store.FindAsync(app.Name, stream, cancellation);
        if (reply is not null and not { State: ReplyState.Writing or ReplyState.Whole, Shown: null } && await FindAsync(app, stream, cancellation) is { } over) return over;
        var words = message.Content is BotTextReceived text ? text.Content : null;
        var face = live.TryGet(app.Name, stream, out var writing) && reply is not { State: ReplyState.Whole } ? writing.Text : reply?.Text ?? "";
        return AiBotAnswer.Stream(stream, StreamFace.Growing(face, Languages.SpokenIn(words, SlashCommand.Of(words)) ?? Language.Chinese), finish: false, feedbackId: stream);
    }

    /// <summary>How far a stream is; one that nobody writes yet goes on waiting, until the platform's 6 minutes are over.</summary>
    public async Task<AiBotAnswer> PollAsync(WeComApp app, string stream, CancellationToken cancellation) =>
        await FindAsync(app, stream, cancellation) ?? AiBotAnswer.Stream(stream, WeComTexts.Thinking.In(Language.Chinese), finish: false);

    private async Task<AiBotAnswer?> FindAsync(WeComApp app, string stream, CancellationToken cancellation)
    {
        while (true)
        {
            var writing = live.TryGet(app.Name, stream, out var answer) ? answer : null;
            var reply = await store.FindAsync(app.Name, stream, cancellation);
            if (reply is null) return writing is null ? null : AiBotAnswer.Stream(stream, writing.Face, finish: false);
            if (reply.Shown is { } shown) return AiBotAnswer.Stream(stream, StreamFace.Closing(shown, LanguageOf(shown)).Face, finish: true);
            var face = reply.State == ReplyState.Writing ? await WritingAsync(app, writing, reply, cancellation) : await WholeAsync(app, reply, cancellation);
            if (face is not null) return face;
            // It has gone on in this moment, and it only goes on: closed, whole, shown.
        }
    }

    /// <summary>How far it is; this process writes it, or another one that puts it down. When its time is nearly over it ends with what there is, and the rest comes as a message.</summary>
    private async Task<AiBotAnswer?> WritingAsync(WeComApp app, BotAnswer? writing, Reply reply, CancellationToken cancellation)
    {
        if (!reply.HasThumbs) await store.ThumbsShownAsync(app.Name, reply.StreamId, cancellation);
        if (clock.GetUtcNow() < (writing?.ClosesAt ?? reply.ClosesAt ?? DateTimeOffset.MaxValue))
            return AiBotAnswer.Stream(reply.StreamId, writing?.Face ?? StreamFace.Growing(reply.Text, LanguageOf(reply.Text)), finish: false);
        var (face, shown) = writing?.Closing ?? StreamFace.Closing(reply.Text, LanguageOf(reply.Text));
        return await store.ClosedAsync(app.Name, reply.StreamId, shown, cancellation) ? AiBotAnswer.Stream(reply.StreamId, face, finish: true) : null;
    }

    /// <summary>The end. Whoever takes it first has it: the stream here, or a message where nobody asked for too long.</summary>
    private async Task<AiBotAnswer?> WholeAsync(WeComApp app, Reply reply, CancellationToken cancellation)
    {
        if (reply.State == ReplyState.Whole && !await store.EndShownAsync(app.Name, reply.StreamId, cancellation)) return null;
        var page = StreamFace.Pages(reply.Text)[0];
        // Who polls has the first answer to the message, and with it the platform's thumbs.
        return (reply with { HasThumbs = true }).ButtonsShown() is { } card
            ? AiBotAnswer.StreamWithCard(reply.StreamId, page, finish: true, card.ToCard())
            : AiBotAnswer.Stream(reply.StreamId, page, finish: true);
    }

    private static Language LanguageOf(string text) => Languages.Of(text) ?? Language.Chinese;
}

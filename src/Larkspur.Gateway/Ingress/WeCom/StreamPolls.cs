using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.WeCom;
using Larkspur.Gateway.Channels.WeCom.Answers;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Ingress.WeCom;

/// <summary>What a bot by callback shows: the first answer to a message, and the answers to the platform's polls. Nothing of it is recorded but that the end was asked for.</summary>
internal sealed class StreamPolls(LiveReplies live, ReplyStore store, TimeProvider clock)
{
    /// <summary>Begins the stream of a message, or, when it was delivered again, shows how far it is.</summary>
    public async Task<AiBotAnswer> BeginAsync(WeComApp app, AiBotDelivery message, CancellationToken cancellation)
    {
        var stream = WeComIncoming.StreamOf(message.Id);
        if (await FindAsync(app, stream, cancellation) is { } known) return known;
        var words = message.Content is BotTextReceived text ? text.Content : null;
        return AiBotAnswer.Stream(stream, WeComWords.Thinking(Languages.SpokenIn(words) ?? Language.Chinese), finish: false, feedbackId: stream);
    }

    /// <summary>How far a stream is; one that nobody writes yet goes on waiting, until the platform's 6 minutes are over.</summary>
    public async Task<AiBotAnswer> PollAsync(WeComApp app, string stream, CancellationToken cancellation) =>
        await FindAsync(app, stream, cancellation) ?? AiBotAnswer.Stream(stream, WeComWords.Thinking(Language.Chinese), finish: false);

    private async Task<AiBotAnswer?> FindAsync(WeComApp app, string stream, CancellationToken cancellation)
    {
        var answer = live.TryGet(app.Name, stream, out var writing) ? writing : null;
        var reply = await store.FindAsync(app.Name, stream, cancellation);
        var isOpen = reply is null or { State: ReplyState.Writing, Shown: null };
        if (isOpen && answer is not null && clock.GetUtcNow() < answer.ClosesAt) return AiBotAnswer.Stream(stream, answer.Face, finish: false);
        if (reply is null) return null;
        if (reply.Shown is { } shown) return AiBotAnswer.Stream(stream, StreamFace.Closing(shown, LanguageOf(shown)).Face, finish: true);
        if (reply.State == ReplyState.Writing) return await WritingAsync(app, answer, reply, cancellation);
        if (reply.State == ReplyState.Whole) await store.EndShownAsync(app.Name, stream, cancellation);
        var page = StreamFace.Pages(reply.Text)[0];
        return reply.Card is { } card ? AiBotAnswer.StreamWithCard(stream, page, finish: true, WeComButtons.FromJson(card).ToCard()) : AiBotAnswer.Stream(stream, page, finish: true);
    }

    private async Task<AiBotAnswer> WritingAsync(WeComApp app, BotAnswer? answer, Reply reply, CancellationToken cancellation)
    {
        if (answer is null) return AiBotAnswer.Stream(reply.StreamId, StreamFace.Growing(reply.Text, LanguageOf(reply.Text)), finish: false);
        // Its time is nearly over: it ends with what there is, and the rest comes as a message.
        var (face, shown) = answer.Closing;
        await store.ClosedAsync(app.Name, reply.StreamId, shown, cancellation);
        return AiBotAnswer.Stream(reply.StreamId, face, finish: true);
    }

    private static Language LanguageOf(string text) => Languages.Of(text) ?? Language.Chinese;
}

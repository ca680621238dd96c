using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Channels.Feishu.Conversations;

/// <summary>The assistant in Feishu: short words as text, everything else as cards; answers are streaming cards.</summary>
internal sealed class FeishuConversation(IOutbox outbox, IStreams streams, FeishuAttachments attachments, FeishuQuotes quotes, ResponseCards cards, CardDeliveries deliveries,
    FeishuApps apps, TimeProvider clock) : IConversationChannel
{
    private static readonly TimeSpan TooManyPause = TimeSpan.FromSeconds(2);

    public string Platform => FeishuInboundEvents.Platform;

    /// <summary>The key of the stream that shows a turn's answer.</summary>
    public static string StreamKey(string turn) => $"turn {turn}";

    public async ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference)
    {
        var (type, content) = Compose(response);
        var message = new OutboxMessage
        {
            Operation = to.TargetType == "message_id" ? OutboxOperation.Reply : OutboxOperation.Create, Lane = to.Lane, TargetType = to.TargetType, Target = to.Target, InThread = to.InThread,
            MessageType = type, Content = content,
        };
        var queued = new QueuedMessage(Platform, app, key, message) { Reference = reference };
        await outbox.QueueAsync(unit, queued);
        if (response.Buttons is [var first, ..]) await deliveries.AddAsync(unit, first.Deed.Turn, queued, clock.GetUtcNow());
    }

    public PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account) =>
        account.Ids.FirstOrDefault(i => i.Kind == "open_id" && apps.TryGet(i.Scope, out _)) is { Value: { } open } id ? new PrivateAddress(id.Scope, new ReplyAddress(open, "open_id", open)) : null;

    public async Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation)
    {
        var to = request.Reply;
        var target = to.TargetType == "message_id" ? StreamTarget.Reply(to.Target) with { InThread = to.InThread } : StreamTarget.To(to.TargetType, to.Target);
        try
        {
            var stream = await streams.OpenAsync(new StreamRequest
            {
                App = request.App, Key = StreamKey(request.Turn), Lane = to.Lane, Target = target, TurnId = request.TurnId, Reference = request.Reference, Title = request.Title, Language = request.Language,
                Components = request.CanStop ? [AnswerButtons.Row([new ResponseButton(request.Language.Get("assistant.button.stop"), new AnswerDeed(DeedKind.Stop, request.Turn))])] : [],
            }, cancellation);
            return new FeishuAnswer(stream);
        }
        catch (TooManyStreamsException e)
        {
            throw new ChannelException("too_many_streams", e.Message, transient: true, e) { RetryAfter = TooManyPause };
        }
    }

    public Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation) =>
        attachments.ReadAsync(app, attachment, into, maxBytes, cancellation);

    public Task<QuotedMessage> ReadQuotedAsync(string app, QuotedMessage quoted, CancellationToken cancellation) => quotes.ReadAsync(app, quoted, cancellation);

    /// <summary>What people wrote may stand in words of ours, and a text message would take its <c>&lt;at&gt;</c> for a call: so words are a card of plain text, unless they hold nothing of the kind.</summary>
    private (string Type, string Content) Compose(UnifiedResponse response)
    {
        if (response is { Kind: ResponseKind.Text, Title: null, Note: null, Buttons.Count: 0 } && !response.Content.Contains('<', StringComparison.Ordinal)) return ("text", MessageContent.Text(response.Content));
        try
        {
            return ("interactive", cards.Compile(FeishuInboundEvents.Platform, response).Content);
        }
        catch (ArgumentException)
        {
            // No card can be made of it: the words arrive all the same, and call nobody.
            return ("text", MessageContent.Text(response.Content.Replace('<', '＜')));
        }
    }
}

/// <summary>An answer as a streaming card.</summary>
internal sealed class FeishuAnswer(IStream stream) : IAnswer
{
    public void Append(string text) => stream.Append(text);

    public void Replace(string text) => stream.Replace(text);

    public ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end) => stream.FinishAsync(unit, new StreamEnd
    {
        Text = end.Text,
        Footer = end.Note,
        Components = AnswerButtons.Rows(end.Buttons),
        Template = end.Ending is AnswerEnding.Finished ? null : "grey",
        Ending = end.Ending switch
        {
            AnswerEnding.Finished or AnswerEnding.Stopped => StreamEndings.Finished,
            AnswerEnding.Interrupted => StreamEndings.Interrupted,
            _ => StreamEndings.Failed,
        },
    });

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

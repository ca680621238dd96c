using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>The assistant in Feishu: short words as text, everything else as cards; answers are streaming cards.</summary>
internal sealed class FeishuConversation(IOutbox outbox, IStreams streams, FeishuAttachments attachments, FeishuPictures pictures,
    FeishuQuotes quotes, ResponseCards cards, CardDeliveries deliveries, FeishuApps apps, TimeProvider clock) : IConversationChannel
{
    private static readonly TimeSpan TooManyPause = TimeSpan.FromSeconds(2);

    public string Platform => PlatformNames.Feishu;

    public IReadOnlyList<ChannelKind> Kinds { get; } =
        [new(PlatformNames.Feishu, null, FeishuTexts.Feishu, Enum.GetValues<ChannelCapability>().ToHashSet())];

    /// <summary>The key of the stream that shows a turn's answer.</summary>
    public static string StreamKey(string turn) => $"turn {turn}";

    public async ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference)
    {
        var queued = new QueuedMessage(Platform, app, key, MessageOf(to, response)) { Reference = reference };
        await outbox.QueueAsync(unit, queued);
        // Only clicks on the card's own message count.
        if ((response.Buttons is [var first, ..] ? first.Action.Turn : response.Face?.Card) is { Length: > 0 } card)
            await deliveries.AddAsync(unit, card, queued, clock.GetUtcNow());
    }

    /// <summary>As an effect of the event: its latency counts until the answer is shown, and a replayed event is answered again.</summary>
    public ValueTask AnswerAsync(IEffects effects, UnifiedMessage message, EventContext context, UnifiedResponse response)
    {
        effects.Send(MessageOf(message.Reply, response));
        return ValueTask.CompletedTask;
    }

    public async Task<IAnswer?> BeginAsync(UnifiedMessage message, EventContext context, string? title, CancellationToken cancellation)
    {
        try
        {
            var address = MessageOf(message.Reply, UnifiedResponse.Text(""));
            var request = StreamRequest.Answering(context, address) with { Title = title, Language = message.Language };
            return new FeishuAnswer(await streams.OpenAsync(request, cancellation), null, outbox);
        }
        catch (TooManyStreamsException)
        {
            // The answer comes when it is whole.
            return null;
        }
    }

    public PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account) =>
        account.Ids.FirstOrDefault(i => i.Kind == "open_id" && apps.TryGet(i.Scope, out _)) is { Value: { } open } id ? new PrivateAddress(id.Scope, new ReplyAddress(open, "open_id", open)) : null;

    public ReplyAddress? AddressOf(string app, string person) =>
        apps.TryGet(app, out _) && FeishuIds.PersonKindOf(person) is { } kind ? new ReplyAddress($"{kind}:{person}", kind, person) : null;

    public async Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation)
    {
        var to = request.Reply;
        var target = to.TargetType == "message_id" ? StreamTarget.Reply(to.Target) with { InThread = to.InThread } : StreamTarget.To(to.TargetType, to.Target);
        try
        {
            var stream = await streams.OpenAsync(new StreamRequest
            {
                App = request.App, Key = StreamKey(request.Turn), Lane = to.Lane, Target = target, TurnId = request.TurnId, Reference = request.Reference, Title = request.Title, Language = request.Language,
                Components = request.CanStop
                    ? [AnswerButtons.Row([new ResponseButton(AssistantTexts.ButtonStop.In(request.Language),
                    new AnswerAction(AnswerActionKind.Stop, request.Turn))])] : [],
            }, cancellation);
            return new FeishuAnswer(stream, request, outbox);
        }
        catch (TooManyStreamsException e)
        {
            throw new ChannelException("too_many_streams", e.Message, transient: true, e) { RetryAfter = TooManyPause };
        }
    }

    public Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation) =>
        pictures.UploadAsync(request, picture, cancellation);

    public Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation) =>
        attachments.ReadAsync(app, attachment, into, maxBytes, cancellation);

    public Task<QuotedMessage> ReadQuotedAsync(string app, QuotedMessage quoted, CancellationToken cancellation) => quotes.ReadAsync(app, quoted, cancellation);

    private OutboxMessage MessageOf(ReplyAddress to, UnifiedResponse response)
    {
        var (type, content) = Compose(response);
        return new OutboxMessage
        {
            Operation = to.TargetType == "message_id" ? MessageOperations.Reply : MessageOperations.Create,
            Lane = to.Lane, TargetType = to.TargetType, Target = to.Target, InThread = to.InThread,
            MessageType = type, Content = content,
        };
    }

    /// <summary>What people wrote may stand in words of ours, and a text message would take its <c>&lt;at&gt;</c> for a call: so words are a card of plain text, unless they hold nothing of the kind.</summary>
    private (string Type, string Content) Compose(UnifiedResponse response)
    {
        if (response.DrawnCard is { } drawn) return ("interactive", drawn);
        if (response is { Card: null, Kind: ResponseKind.Text, Title: null, Note: null, Buttons.Count: 0 }
            && !response.Content.Contains('<', StringComparison.Ordinal)) return ("text", MessageContent.Text(response.Content));
        try
        {
            return ("interactive", cards.Compile(PlatformNames.Feishu, response).Content);
        }
        catch (ArgumentException)
        {
            // No card can be made of it: the words arrive all the same, and call nobody.
            return ("text", MessageContent.Text(response.Content.Replace('<', '＜')));
        }
    }
}

/// <summary>An answer as a streaming card.</summary>
/// <param name="stream">The card.</param>
/// <param name="request">What it was begun with; null: it shows no pictures.</param>
/// <param name="outbox">Takes the pictures.</param>
internal sealed class FeishuAnswer(IStream stream, AnswerRequest? request, IOutbox outbox) : IAnswer
{
    public void Append(string text) => stream.Append(text);

    public void Replace(string text) => stream.Replace(text);

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        await stream.FinishAsync(unit, new StreamEnd
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
        if (request is null) return;
        for (var i = 0; i < end.Pictures.Count; i++)
        {
            var message = FeishuPictures.Message(request.Reply, end.Pictures[i]);
            var key = AnswerPicture.KeyOf(request.Turn, i);
            var queued = new QueuedMessage(PlatformNames.Feishu, request.App, key, message) { Reference = request.Reference };
            await outbox.QueueAsync(unit, queued);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The assistant in WeCom. An AI bot's answer grows in its stream; an application has no such thing, so its answer comes whole.</summary>
internal sealed class WeComConversation(WeComApps apps, ReplyParts parts, WeComAttachments attachments, WeComPictures pictures,
    ResponseCards cards) : IConversationChannel
{
    public string Platform => WeComApps.Platform;

    public IReadOnlyList<ChannelKind> Kinds { get; } =
    [
        new(WeComApps.Platform, "app", WeComTexts.WeComApplication, new HashSet<ChannelCapability>
        {
            ChannelCapability.Files, ChannelCapability.AnswerButtons,
        }),
        new(WeComApps.Platform, "bot", WeComTexts.WeComAIBot, new HashSet<ChannelCapability>
        {
            ChannelCapability.Groups, ChannelCapability.Quotes, ChannelCapability.Files, ChannelCapability.GrowingAnswers,
            ChannelCapability.AnswerButtons,
        }),
    ];

    public async ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference)
    {
        var where = WeComReplyTo.Read(to);
        var card = cards.Markdown(Platform, response);
        var (text, buttons) = (WeComReplyRows.Of(card), WeComReplyRows.Buttons(card, response, key));
        var configured = apps.TryGet(app, out var found) ? found : null;
        if (where is { IsBot: true, StreamId: { } stream } && await parts.Store.ClaimAsync(unit, app, stream, key, where.ClosesAt))
        {
            // By callback a stream was begun in the answer to the message: the words end it.
            await parts.Store.WholeAsync(unit, app, stream, text, buttons?.ToJson());
            await QueueAsync(unit, app, key, reference, new WeComMessage { StreamId = stream }.To(where, app, WeComMessage.Markdown, EndOfAnswer.Definition));
            return;
        }

        await WeComReplyRows.QueueAsync(parts.Outbox, unit, app, where, text, buttons, canClick: where.IsBot || configured?.Receiver is not null,
            card.IsPlain, key, reference);
    }

    /// <summary>By the bot, which people know from asking it; without one by the application. A bot by callback cannot begin a conversation.</summary>
    public PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account)
    {
        if (!apps.TryGet(account.App, out var app) || account.Ids.FirstOrDefault(i => i.Kind == "userid" && i.Scope == app.Scope()) is not { Value: { } user }) return null;
        return AddressOf(app, user, app.Bot is not null) is { } to ? new PrivateAddress(app.Name, to) : null;
    }

    /// <summary>By the application, which may write to everybody in its range; the bot only to who has written to it.</summary>
    public ReplyAddress? AddressOf(string app, string person) =>
        apps.TryGet(app, out var found) && UserIds.IsPossible(person) ? AddressOf(found, person, found.Client is null) : null;

    private ReplyAddress? AddressOf(WeComApp app, string user, bool byBot)
    {
        if (byBot ? app.Bot is null : app.Client is null) return null;
        return new WeComReplyTo(byBot ? WeComReplyTo.BotSingle : WeComReplyTo.UserId, user) { Person = user,
            At = parts.Clock.GetUtcNow() }.ToAddress(app.Name);
    }

    public async Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation)
    {
        var app = apps.Get(request.App);
        var to = WeComReplyTo.Read(request.Reply);
        if (!to.IsBot) return new WholeAnswer(request, to, canClick: app.Receiver is not null, parts);
        var (stream, streams) = await BeginAsync(app, to, request, cancellation);
        var answer = new BotAnswer(request, to, stream, parts);
        if (!streams) return answer;
        // An earlier attempt of this process may not have let go of it yet.
        await parts.Live.AddAsync(request.App, answer);
        if (app.Bot is { } bot) answer.Stream(bot);
        else if (parts.MayBeShared) answer.Keep();
        return answer;
    }

    public Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation) =>
        pictures.UploadAsync(request, picture, cancellation);

    public Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation) =>
        attachments.ReadAsync(app, attachment, into, maxBytes, cancellation);

    /// <summary>Takes the stream that the message was answered with, or one of the turn's own.</summary>
    private async Task<(string StreamId, bool Streams)> BeginAsync(WeComApp app, WeComReplyTo to, AnswerRequest request, CancellationToken cancellation)
    {
        var now = parts.Clock.GetUtcNow();
        if (app.BotReceiver is not null && to.StreamId is { } begun && now < to.StreamsUntil)
        {
            var taken = await parts.Store.BeginAsync(app.Name, begun, request.Turn, to.ClosesAt, cancellation);
            if (taken.Turn == request.Turn) return (begun, taken is { State: ReplyState.Writing, Shown: null });
        }

        var own = "s_" + request.Turn;
        var reply = await parts.Store.BeginAsync(app.Name, own, request.Turn, to.ClosesAt, cancellation);
        var isOpen = app.Bot is not null && to.RequestId is not null && now < to.ClosesAt;
        if (!isOpen && reply is { State: ReplyState.Writing, Shown: null }) await parts.Store.ClosedAsync(app.Name, own, "", cancellation);
        return (own, isOpen && reply is { State: ReplyState.Writing, Shown: null });
    }

    private async ValueTask QueueAsync(IUnitOfWork unit, string app, string key, string reference, OutboxMessage message) =>
        await parts.Outbox.QueueAsync(unit, new QueuedMessage(WeComApps.Platform, app, key, message) { Reference = reference });
}

using System.Security.Cryptography;
using System.Text;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.DingTalk.Answers;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Conversations on DingTalk: short words as messages of the robot, answers that grow in AI cards where the app has a template for them, else as messages when they are whole.</summary>
internal sealed partial class DingTalkConversation(DingTalkApps apps, AnswerCards cards, LiveAnswers live, IOutbox outbox,
    DingTalkMonth month, DingTalkFailures failures, DingTalkAttachments attachments, DingTalkPictures pictures,
    ResponseCards responses, ILogger<DingTalkConversation> logger)
    : IConversationChannel
{
    public string Platform => DingTalkApps.Platform;

    /// <summary>What grows and has buttons is an AI card, and needs the app's template for one.</summary>
    public IReadOnlyList<ChannelKind> Kinds { get; } =
    [
        new(DingTalkApps.Platform, null, DingTalkTexts.DingTalkRobot, new HashSet<ChannelCapability>
        {
            ChannelCapability.Groups, ChannelCapability.Quotes, ChannelCapability.Files, ChannelCapability.GrowingAnswers,
            ChannelCapability.AnswerButtons,
        }),
    ];

    public async ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference)
    {
        var card = responses.Markdown(Platform, response);
        var text = card.Title is { Length: > 0 } title && !card.IsPlain ? $"### {title}\n\n{card.Text}" : card.Title is { Length: > 0 } line ? $"{line}\n\n{card.Text}" : card.Text;
        var language = Languages.Of(text) ?? Language.Chinese;
        if (card.Buttons.Count > 0 && apps.TryGet(app, out var known) && AnswerCards.IsPossible(known, to) && AnswerCards.HasButtons(known))
        {
            // The turn first: it is what a click on a button of it is about.
            var row = AnswerCards.RowOf(known, $"{response.Buttons[0].Action.Turn}.{Short(key)}", to, new AnswerEnd(text) { Note = card.Note, Buttons = ResponseCards.Buttons(card, response) }, language);
            await outbox.QueueAsync(unit, new QueuedMessage(Platform, app, key, row.Message()) { Reference = reference });
            return;
        }

        var kind = card.IsPlain ? DingTalkRow.Plain : DingTalkRow.Markdown;
        var whole = card.IsPlain ? Noted(text, card.Note) : AnswerCards.WithNote(text, card.Note);
        await PlainParts.QueueAsync(outbox, unit, app, to, whole, kind, language, key, reference);
    }

    public PrivateAddress? PrivateAddressOf(KnownPerson person, KnownAccount account) =>
        !account.IsExternal && apps.TryGet(account.App, out _) && account.Ids.FirstOrDefault(i => i.Kind == "userid") is { Value: { } user }
            ? new PrivateAddress(account.App, new ReplyAddress(user, DingTalkAddress.Person, user)) : null;

    public ReplyAddress? AddressOf(string app, string person) =>
        apps.TryGet(app, out _) && UserIds.IsPossible(person) ? new ReplyAddress(person, DingTalkAddress.Person, person) : null;

    public async Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation)
    {
        var app = apps.Get(request.App);
        var mode = month.Mode(app);
        // A card costs three calls at least; a message at a session webhook none that is known of.
        if (!AnswerCards.IsPossible(app, request.Reply) || mode == QuotaMode.Exhausted) return Plain();
        await live.QuietAsync(request.Turn);
        var opened = false;
        try
        {
            await cards.OpenAsync(app, request.Turn, request.Reply, request.Language, request.CanStop ? new AnswerAction(AnswerActionKind.Stop, request.Turn) : null, cancellation);
            opened = true;
        }
        catch (Exception e) when (e is ChannelException || DingTalkFailures.IsFinal(e))
        {
            CardRefused(request.Reference, e.Message);
            return Plain();
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
        {
            if (failures.Of(app, e).Reason == "quota") return Plain();
            CardPostponed(request.Reference, e.Message);
        }

        var writer = opened ? app.Client.Cards.Write(request.Turn, AnswerVariables.Text, Frames(app, mode)) : null;
        var answer = new GrowingCard(app, request.Turn, request, writer, outbox, pictures, live);
        await live.AddAsync(answer);
        return answer;

        PlainAnswer Plain() => new(app, request, outbox, pictures);
    }

    public Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation) =>
        pictures.UploadAsync(request, picture, cancellation);

    public Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation) =>
        attachments.ReadAsync(app, attachment, into, maxBytes, cancellation);

    /// <summary>An app that is near the end of its month shows no frames in between.</summary>
    private static AiCardOptions Frames(DingTalkApp app, QuotaMode mode) => new() { MaxFrames = mode == QuotaMode.Normal ? app.Settings.CardFrames : 0, Render = DingTalkMarkdown.ForCard };

    private static string Noted(string text, string? note) => string.IsNullOrWhiteSpace(note) ? text : $"{text}\n\n{note}";

    private static string Short(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));

    [LoggerMessage(LogLevel.Warning, "The platform refuses the card of answer {Reference}: {Reason} The answer comes as messages")]
    private partial void CardRefused(string reference, string reason);
    [LoggerMessage(LogLevel.Warning, "The card of answer {Reference} cannot be shown now: {Reason} Its end shows it")]
    private partial void CardPostponed(string reference, string reason);
}

using System.Runtime.CompilerServices;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>Makes and ends the cards that answers are in. Both can be done again: the card by its key, its end by the key of its row.</summary>
internal sealed partial class AnswerCards(LiveAnswers live, SecretRegistry secrets, ILogger<AnswerCards> logger)
{
    /// <summary>What a card did not take, until its row's end is noted; by the message, which all copies of the row share.</summary>
    private readonly ConditionalWeakTable<OutboxMessage, string> _rests = [];

    /// <summary>A card can be shown there, and the app has a template.</summary>
    public static bool IsPossible(DingTalkApp app, ReplyAddress to) => app.Settings.CardTemplate is not null && to.TargetType is DingTalkAddress.Group or DingTalkAddress.Person;

    /// <summary>Clicks on buttons come back: the template has buttons, and somebody is told of clicks.</summary>
    public static bool HasButtons(DingTalkApp app) => IsOwn(app) && (app.HasStream || app.Settings.CardRouteKey is not null);

    /// <summary>An answer's end as a row.</summary>
    public static CardAnswerRow RowOf(DingTalkApp app, string card, ReplyAddress to, AnswerEnd end, Language language)
    {
        var inCard = IsOwn(app) && AnswerVariables.IsSmall(end.Note);
        return new CardAnswerRow
        {
            Card = card, To = to, Language = language.Tag(), Failed = end.Ending == AnswerEnding.Failed,
            Text = inCard ? end.Text : WithNote(end.Text, end.Note),
            Note = inCard ? end.Note : null,
            Buttons = HasButtons(app) ? AnswerVariables.Of(end.Buttons) : "[]",
        };
    }

    /// <summary>The text with the small print below it.</summary>
    public static string WithNote(string text, string? note) => string.IsNullOrWhiteSpace(note) ? text : $"{text}\n\n> {note.ReplaceLineEndings("\n> ")}";

    /// <summary>Shows the card; one that is there already stays.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    /// <exception cref="ChannelException">It is not shown where it should be.</exception>
    public async Task OpenAsync(DingTalkApp app, string card, ReplyAddress to, Language language, AnswerAction? stops, CancellationToken cancellation)
    {
        var extra = ReplyExtra.Of(to);
        var instance = new CardInstance
        {
            TemplateId = app.Settings.CardTemplate!,
            OutTrackId = card,
            Variables = AnswerVariables.First(IsOwn(app), language, HasButtons(app) ? stops : null),
            Spaces = [to.TargetType == DingTalkAddress.Group ? CardSpace.Group(to.Target) : CardSpace.Person(to.Target)],
            Callback = app.HasStream || app.Settings.CardRouteKey is null ? CardCallbackWay.Stream : CardCallbackWay.Http,
            CallbackRouteKey = app.HasStream ? null : app.Settings.CardRouteKey,
            LastMessage = BotTexts.StreamThinking.In(language),
            At = extra is { At: { } person, Name: { } name } ? new Dictionary<string, string> { [person] = name } : new Dictionary<string, string>(),
        };
        try
        {
            var delivered = await app.Client.Cards.CreateAndDeliverAsync(instance, cancellation);
            if (delivered.Results.FirstOrDefault(r => !r.Success) is { } failed)
                throw new ChannelException("card_not_shown", $"The card is not shown in its conversation: {failed.ErrorMsg}", transient: false);
            app.CardProblem = null;
        }
        catch (DingTalkApiException e) when (IsThere(e))
        {
            CardThereAlready(card);
        }
        catch (Exception e) when (DingTalkFailures.IsFinal(e) || e is ChannelException)
        {
            app.CardProblem = secrets.Hide(e.Message);
            throw;
        }
    }

    /// <summary>Puts the whole text on the card and ends it; what has no room goes as messages once the row's end is noted (<see cref="RestOf"/>).</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public async Task<SendReceipt> EndAsync(DingTalkApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var row = RowJson.Read<CardAnswerRow>(entry.Message.Content);
        await live.QuietAsync(row.Card);
        if (!row.Opened) await OpenAsync(app, row.Card, row.To, Languages.FromTag(row.Language) ?? Language.Chinese, stops: null, cancellation);
        var text = DingTalkMarkdown.ForCard(row.Text);
        var end = await app.Client.Cards.EndAsync(row.Card, AnswerVariables.Text, text, row.Failed ? AiFrame.Fail : AiFrame.Finish, entry.IdempotencyKey, cancellation);
        if (end.Rest.Length > 0) _rests.AddOrUpdate(entry.Message, end.Rest);
        try
        {
            await app.Client.Cards.UpdateAsync(row.Card, AnswerVariables.Last(IsOwn(app), row), cancellationToken: cancellation);
        }
        catch (DingTalkApiException e) when (DingTalkFailures.IsFinal(e))
        {
            // The text is there, and that is what matters.
            app.CardProblem = secrets.Hide(e.Message);
            CardUnfinished(row.Card, e.Message);
        }

        return new SendReceipt(row.Card, null);
    }

    /// <summary>What the card of a row that was just sent did not take; null: nothing.</summary>
    public string? RestOf(OutboxEntry entry) => _rests.TryGetValue(entry.Message, out var rest) ? rest : null;

    private static bool IsOwn(DingTalkApp app) => app.Settings.CardTemplate is not (null or DingTalkCards.PublicAiTemplate);

    /// <summary>What is answered to a second making under the same key is not documented; a refusal that says so is as good.</summary>
    private static bool IsThere(DingTalkApiException e) => e.FailureKind == FailureKind.Invalid && Says(e, "outTrackId") && (Says(e, "exist") || Says(e, "duplicate") || Says(e, "repeat"));

    private static bool Says(DingTalkApiException e, string word) =>
        e.ErrorCode.Contains(word, StringComparison.OrdinalIgnoreCase) || e.Msg.Contains(word, StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Debug, "Card {Card} is there already")] private partial void CardThereAlready(string card);
    [LoggerMessage(LogLevel.Warning, "Card {Card} has its text, and neither state nor buttons: {Reason}")]
    private partial void CardUnfinished(string card, string reason);
}

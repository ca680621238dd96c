using Larkspur.Gateway.Authorizations.Page;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Requests;

/// <summary>The card "Authorise once", and what it says once it was answered.</summary>
/// <remarks>Cards in Feishu change; what was sent on WeCom or DingTalk stays, and its link leads to a page that says how it
/// stands.</remarks>
internal sealed class AuthorizationCards(IOutbox outbox, ResponseCards cards, OwnAddress own, TimeProvider clock)
{
    /// <summary>So long Feishu lets a card be changed (230031).</summary>
    private static readonly TimeSpan Changeable = TimeSpan.FromDays(14);

    /// <summary>The card that asks.</summary>
    public static UnifiedResponse Request(UserAuthorization row, Uri link, string? locale)
    {
        var text = AuthorizationTexts.CardText(AuthorizationHolders.NameOf(row.Holder), row.Reason);
        var card = Face(row, AuthorizationTexts.CardTitle, text, CardStatus.Info) with
        {
            Actions = [Button(AuthorizationTexts.CardButton, link, CardActionStyle.Primary)], Footnote = AuthorizationTexts.CardNote,
        };
        return Response(card) with { Locale = locale };
    }

    /// <summary>A card that asks is queued: it changes with the answer.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="row">What it asks for.</param>
    /// <param name="place">Where it is shown.</param>
    /// <param name="key">Under which it was queued.</param>
    public static async ValueTask QueuedAsync(IUnitOfWork unit, UserAuthorization row, CardPlace place, string key)
    {
        if (place.Platform != PlatformNames.Feishu) return;
        if (await OutboxRows.IdOfAsync(unit, place.Platform, place.App, key) is { } queued)
            await AuthorizationCardRows.AddAsync(unit, row.Id, place.App, queued);
    }

    /// <summary>A message that may be such a card has reached its chat. One that was answered meanwhile changes at once.</summary>
    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, string messageId)
    {
        if (await AuthorizationCardRows.SentAsync(unit, entry.Id, messageId) is not { } id
            || await AuthorizationRows.FindAsync(unit, id) is not { } row || row.State == AuthorizationStates.Waiting) return;
        await ChangeAsync(unit, row, entry.App, messageId);
    }

    /// <summary>Its cards say how it stands now, once the transaction is durable.</summary>
    public async ValueTask ChangeAsync(IUnitOfWork unit, UserAuthorization row)
    {
        if (clock.GetUtcNow() - row.AskedAt >= Changeable) return;
        foreach (var (app, message) in await AuthorizationCardRows.SentAsync(unit, row.Id)) await ChangeAsync(unit, row, app, message);
    }

    private async ValueTask ChangeAsync(IUnitOfWork unit, UserAuthorization row, string app, string messageId)
    {
        var content = cards.Compile(PlatformNames.Feishu, Response(Answered(row))).Content;
        var message = OutboxMessage.PatchCard(messageId, content) with { FallsBack = false };
        var key = $"authorization {row.Id} {row.State} {messageId}";
        await outbox.QueueAsync(unit, new QueuedMessage(PlatformNames.Feishu, app, key, message));
    }

    private CardMessage Answered(UserAuthorization row)
    {
        var holder = AuthorizationHolders.NameOf(row.Holder);
        return row.State switch
        {
            AuthorizationStates.Given => Face(row, AuthorizationTexts.GivenTitle,
                AuthorizationTexts.CardGiven(holder, row.Reason), CardStatus.Success) with
            {
                Actions = Links(AuthorizationTexts.CardLink, AuthorizationPaths.Root),
            },
            AuthorizationStates.Refused => Face(row, AuthorizationTexts.RefusedTitle,
                AuthorizationTexts.CardRefused(holder, row.Reason), CardStatus.Closed) with
            {
                Actions = Links(AuthorizationTexts.RefusedAllow, AuthorizationPaths.Of(row.Id)),
            },
            _ when row.EndedWhy == AuthorizationEnds.Replaced => Face(row, AuthorizationTexts.EndedTitle,
                AuthorizationTexts.CardReplaced(holder, row.Reason), CardStatus.Closed) with
            {
                Actions = Links(AuthorizationTexts.CardLink, AuthorizationPaths.Root),
            },
            _ => Face(row, AuthorizationTexts.EndedTitle, AuthorizationTexts.CardEnded(holder, row.Reason), CardStatus.Closed),
        };
    }

    private static CardMessage Face(UserAuthorization row, LocalText title, LocalText text, CardStatus status) => new()
    {
        Title = title, Status = status, Text = text, Summary = title,
        Facts = [new CardFact(AuthorizationTexts.CardScopes, LocalText.Lines(row.Scopes.Select(NameOf))) { Wide = true }],
    };

    private IReadOnlyList<CardMessageAction> Links(LocalText label, string path) => own.ForLinks is { } address
        ? [Button(label, new Uri(OwnAddress.Text(address) + path), CardActionStyle.Default)] : [];

    private static CardMessageAction Button(LocalText label, Uri link, CardActionStyle style) =>
        new() { Id = "authorize", Label = label, Style = style, Url = link.AbsoluteUri };

    private static LocalText NameOf(string scope) => AuthorizationTexts.FindScope(scope) is { } known
        ? known.Select(name => $"{name} ({scope})") : LocalText.From(scope);

    private static UnifiedResponse Response(CardMessage card) =>
        UnifiedResponse.Text(card.Text!.Both) with { Kind = ResponseKind.Card, Card = card };
}

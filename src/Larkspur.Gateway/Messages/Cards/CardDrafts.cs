using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Cards in requests that are in no platform's words: <c>card_message</c>, and <c>template</c> with the name of a local one.</summary>
internal sealed class CardDrafts(IEnumerable<ICardCompiler> compilers, CardTemplates templates, CardEvents events, CardIds ids)
{
    /// <summary>Reads the member that says what is sent.</summary>
    /// <param name="caller">Who sends it: the webhook that a card names must be his.</param>
    /// <param name="body">The request.</param>
    /// <param name="app">The app that sends it.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: the request says it in another way.</returns>
    /// <exception cref="RequestRefusedException">It cannot be sent.</exception>
    public async ValueTask<MessageDraft?> ReadAsync(KeyGrant caller, JsonFields body, string app, string key, CancellationToken cancellation)
    {
        if (body.Peek("template") is { ValueKind: JsonValueKind.String })
        {
            Alone(body, "template");
            var at = body.At("template");
            var name = body.Need("template", body.Text("template", 80));
            return await OfTemplateAsync(
                caller, templates.Render(name, at, body.Any("variables"), body.At("variables")), at, app, key, cancellation);
        }

        if (!body.Has("card_message")) return null;
        Alone(body, "card_message");
        var pointer = body.At("card_message");
        var given = body.Any("card_message")!.Value;
        return await DraftAsync(caller, CardMessageReader.Read(given, pointer), given.GetRawText(), pointer, app, key, cancellation);
    }

    /// <summary>What a template that was filled says.</summary>
    /// <param name="caller">Who sends it.</param>
    /// <param name="rendered">The template, filled.</param>
    /// <param name="at">Where the request names it.</param>
    /// <param name="app">The app that sends it.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">It cannot be sent.</exception>
    public async ValueTask<MessageDraft> OfTemplateAsync(
        KeyGrant caller, RenderedTemplate rendered, string at, string app, string key, CancellationToken cancellation)
    {
        if (rendered.Message is { } filled)
            return await DraftAsync(caller, CardMessageReader.Read(filled, at), filled.GetRawText(), at, app, key, cancellation);
        ReservedValues.CheckFilled(rendered.Card!, at);
        return MessageContents.Check(new MessageDraft(MessageDraft.Card, rendered.Card!, at));
    }

    /// <summary>The card of a message as it would be sent.</summary>
    /// <exception cref="RequestRefusedException">The platform has no card of it.</exception>
    public CompiledCard Compile(CardMessage message, string id, string pointer)
    {
        try
        {
            return compilers.First(c => c.Platform == PlatformNames.Feishu).Compile(message, new CardFace(CardDecisions.Kind, id));
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", pointer, $"No card can be made of it: {e.Message}");
        }
    }

    private async ValueTask<MessageDraft> DraftAsync(
        KeyGrant caller, CardMessage message, string model, string pointer, string app, string key, CancellationToken cancellation)
    {
        if (message.Webhook is { } webhook && !events.MayName(caller, webhook))
            throw RequestRefusedException.Impossible("unknown_webhook", pointer + "/webhook", $"No webhook \"{JsonFields.Shown(webhook)}\" is the calling key's system's or the administrators' (Larkspur:Webhooks).");
        var id = await IdAsync(app, key, model, cancellation);
        var card = Compile(message, id, pointer);
        return MessageContents.Check(new MessageDraft(MessageDraft.Card, card.Content, pointer)
        {
            Stored = message.Callbacks.Any() ? new StoredCard(id, app, key, model) : null,
            Notes = card.Notes.Count > 0 ? [.. card.Notes.Select(n => n.English)] : null,
        });
    }

    private async ValueTask<string> IdAsync(string app, string key, string model, CancellationToken cancellation)
    {
        try
        {
            return await ids.OfAsync(app, key, model, cancellation);
        }
        catch (MasterKeyException e)
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "key_ring_unreadable", null, e.Message);
        }
    }

    private static void Alone(JsonFields body, string member)
    {
        foreach (var other in MessageDraft.Ways)
        {
            if (other != member && body.Has(other)) throw RequestRefusedException.Malformed("several_contents", body.At(other), "A message says one thing: this member stands beside another one.");
        }
    }
}

using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Messages;

namespace Larkspur.Gateway.Cards;

/// <summary>Cards in requests that are in no platform's words: <c>card_message</c>, and <c>template</c> with the name of a local one.</summary>
internal sealed class CardDrafts(IEnumerable<ICardCompiler> compilers, CardTemplates templates, CardEvents events)
{
    /// <summary>Reads the member that says what is sent.</summary>
    /// <param name="caller">Who sends it: the destination that a card names must be his.</param>
    /// <param name="body">The request.</param>
    /// <param name="app">The app that sends it.</param>
    /// <param name="key">The caller's key.</param>
    /// <returns>Null: the request says it in another way.</returns>
    /// <exception cref="RequestRefusedException">It cannot be sent.</exception>
    public MessageDraft? Read(KeyGrant caller, JsonFields body, string app, string key)
    {
        if (body.Peek("template") is { ValueKind: JsonValueKind.String })
        {
            Alone(body, "template");
            var at = body.At("template");
            var name = body.Need("template", body.Text("template", 80));
            var rendered = templates.Render(name, at, body.Any("variables"), body.At("variables"));
            return rendered.Message is { } filled ? Draft(caller, CardMessageReader.Read(filled, at), filled.GetRawText(), at, app, key) : MessageContents.Check(new MessageDraft(MessageDraft.Card, rendered.Card!, at));
        }

        if (!body.Has("card_message")) return null;
        Alone(body, "card_message");
        var pointer = body.At("card_message");
        var given = body.Any("card_message")!.Value;
        return Draft(caller, CardMessageReader.Read(given, pointer), given.GetRawText(), pointer, app, key);
    }

    /// <summary>The card of a message as it would be sent.</summary>
    /// <exception cref="RequestRefusedException">The platform has no card of it.</exception>
    public CompiledCard Compile(CardMessage message, string id, string pointer)
    {
        try
        {
            return compilers.First(c => c.Platform == Ingress.FeishuInboundEvents.Platform).Compile(message, new CardFace(CardDecisions.Kind, id));
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", pointer, $"No card can be made of it: {e.Message}");
        }
    }

    private MessageDraft Draft(KeyGrant caller, CardMessage message, string model, string pointer, string app, string key)
    {
        if (message.Callback is { } destination && !events.MayName(caller, destination))
            throw RequestRefusedException.Impossible("unknown_destination", pointer + "/callback", $"No destination \"{JsonFields.Shown(destination)}\" is the calling key's system's or the administrators' (Larkspur:Callbacks).");
        var id = StoredCard.IdOf(app, key, model);
        var card = Compile(message, id, pointer);
        return MessageContents.Check(new MessageDraft(MessageDraft.Card, card.Content, pointer)
        {
            Stored = message.Callbacks.Any() ? new StoredCard(id, app, key, model) : null,
            Notes = card.Notes.Count > 0 ? card.Notes : null,
        });
    }

    private static void Alone(JsonFields body, string member)
    {
        foreach (var other in MessageDraft.Ways)
        {
            if (other != member && body.Has(other)) throw RequestRefusedException.Malformed("several_contents", body.At(other), "A message says one thing: this member stands beside another one.");
        }
    }
}

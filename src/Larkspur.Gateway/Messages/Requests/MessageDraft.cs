using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Messages;

/// <summary>What a message says, in the platform's words.</summary>
/// <param name="Type">The platform's <c>msg_type</c>.</param>
/// <param name="Content">Its content: a JSON text.</param>
/// <param name="Pointer">Where the request says it.</param>
internal sealed record MessageDraft(string Type, string Content, string Pointer)
{
    public const string Card = "interactive";

    /// <summary>Members of a request that say what is sent.</summary>
    public static readonly string[] Ways = ["text", "post", "image", "file", "audio", "media", "sticker", "share_chat", "share_user", "card", "card_message", "template", "msg_type"];

    public bool IsCard => Type == Card;

    /// <summary>The card, when clicks on it come here; remembered in the transaction that queues the message.</summary>
    public StoredCard? Stored { get; init; }

    /// <summary>What the platform's card shows less of than was asked for; null: nothing.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>Reads the one member that says what is sent.</summary>
    /// <param name="body">The request.</param>
    /// <param name="ways">Members that are taken; the others are unknown. Null: all.</param>
    public static MessageDraft Read(JsonFields body, params ReadOnlySpan<string> ways)
    {
        MessageDraft? draft = null;
        foreach (var way in ways.Length > 0 ? ways : Ways)
        {
            if (!body.Has(way)) continue;
            if (draft is not null) throw RequestRefusedException.Malformed("several_contents", body.At(way), "A message says one thing: this member stands beside another one.");
            draft = way switch
            {
                "card" => ReadCard(body),
                "template" => ReadTemplate(body),
                "msg_type" => ReadRaw(body),
                _ => MessageContents.Of(way, body.Any(way)!.Value, body.At(way)),
            };
        }

        if (draft is not null) return draft;
        var known = (ways.Length > 0 ? ways : Ways).ToArray();
        body.DemandKnown(known);
        throw RequestRefusedException.Malformed("nothing_to_say", null, $"Nothing is said. Give one of {string.Join(", ", known)}.");
    }

    /// <summary>A card as an object, or as the text of one.</summary>
    private static MessageDraft ReadCard(JsonFields body)
    {
        var pointer = body.At("card");
        return Given(MessageContents.Check(new MessageDraft(Card, MessageContents.JsonOf(body.Any("card")!.Value, pointer), pointer)));
    }

    /// <summary>A card made of a template of the platform's card builder.</summary>
    private static MessageDraft ReadTemplate(JsonFields body)
    {
        var template = body.Object("template")!;
        var id = template.Need("id", template.Text("id", 128));
        var version = template.Text("version", 32);
        var variables = template.Any("variables");
        template.End();
        if (variables is { ValueKind: not JsonValueKind.Object }) throw RequestRefusedException.Malformed("wrong_type", template.At("variables"), "It must be an object.");
        if (variables is { } values) ReservedValues.CheckVariables(values, template.At("variables"));
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteString("type", "template");
            json.WriteStartObject("data");
            json.WriteString("template_id", id);
            if (version is not null) json.WriteString("template_version_name", version);
            if (variables is { } given)
            {
                json.WritePropertyName("template_variable");
                // It was read already, deeper than a writer looks by itself; how deep a card may be the validator says.
                json.WriteRawValue(given.GetRawText(), skipInputValidation: true);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return MessageContents.Check(new MessageDraft(Card, Encoding.UTF8.GetString(content.GetBuffer().AsSpan(0, (int)content.Length)), body.At("template")));
    }

    /// <summary>The platform's own two members; <c>content</c> may be the object itself or its text.</summary>
    private static MessageDraft ReadRaw(JsonFields body)
    {
        var at = body.At("msg_type");
        var type = body.Text("msg_type", 32)!;
        if (!MessageContents.IsKnown(type)) throw RequestRefusedException.Impossible("unknown_msg_type", at, $"The platform has no msg_type \"{JsonFields.Shown(type)}\". It has {MessageContents.Types}.");
        var pointer = body.At("content");
        if (body.Any("content") is not { } content) throw RequestRefusedException.Malformed("missing", pointer, "\"content\" is missing: msg_type and content belong together.");
        return Given(MessageContents.Check(new MessageDraft(type, MessageContents.JsonOf(content, pointer), pointer)));
    }

    /// <summary>A card in the caller's own words has none of the gateway's buttons, whatever the validation may let pass.</summary>
    private static MessageDraft Given(MessageDraft draft)
    {
        if (draft.IsCard) ReservedValues.Check(draft.Content, draft.Pointer);
        return draft;
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>What a message of WeCom's says, read from its inbox row.</summary>
/// <param name="From">Userid of the writer.</param>
/// <param name="To">Where an answer goes.</param>
internal sealed partial record WeComIncoming(string From, WeComReplyTo To)
{
    private const int MostAttachments = 20;

    /// <summary>The words, without the mention that called the bot; null: it is of a kind that has none, and nothing is attached.</summary>
    public string? Text { get; private init; }

    public IReadOnlyList<UnifiedAttachment> Attachments { get; private init; } = [];

    /// <summary>The writer's corp, where the platform names it.</summary>
    public string? CorpId { get; private init; }

    /// <summary>The message that the writer pointed at; null: none.</summary>
    public QuotedMessage? Quoted { get; private init; }

    /// <summary>Where an answer to the event goes; null: nobody can be answered.</summary>
    public static WeComReplyTo? ReplyTo(InboundEvent inbound)
    {
        if (inbound.PersonId is not { } person) return null;
        return inbound.EventType.StartsWith("aibot.", StringComparison.Ordinal)
            ? Delivery(inbound) is { } delivery ? ReplyTo(delivery, inbound.ReceivedAt) : null
            : new WeComReplyTo(WeComReplyTo.UserId, person);
    }

    /// <param name="inbound">A <c>message.…</c> or <c>aibot.message.…</c> event.</param>
    /// <param name="botName">The bot's name in mentions; null: unknown.</param>
    /// <returns>Null: it names no writer.</returns>
    public static WeComIncoming? Read(InboundEvent inbound, string? botName)
    {
        if (inbound.PersonId is null) return null;
        return inbound.EventType.StartsWith("aibot.", StringComparison.Ordinal) ? ReadBot(inbound, botName) : ReadApplication(inbound);
    }

    /// <summary>A bot's delivery as it came.</summary>
    public static AiBotDelivery? Delivery(InboundEvent inbound)
    {
        using var json = JsonDocument.Parse(inbound.Payload);
        return AiBotDelivery.Restore(inbound.Payload, inbound.ReceivedAt, json.RootElement.Text(WeComInboundEvents.RequestId));
    }

    /// <summary>The stream with which a callback's message is answered: the same for each delivery of it.</summary>
    public static string StreamOf(string messageId) => "m_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16));

    private static WeComReplyTo ReplyTo(AiBotDelivery delivery, DateTimeOffset at) => new(delivery.IsGroup ? WeComReplyTo.BotGroup : WeComReplyTo.BotSingle, delivery.Conversation)
    {
        RequestId = delivery.RequestId, ResponseSeal = SealOf(delivery), Person = delivery.From, At = at,
        StreamId = delivery.RequestId is null && delivery.Content is not (BotCardClicked or BotFeedback or BotChatEntered) ? StreamOf(delivery.Id) : null,
    };

    private static string? SealOf(AiBotDelivery delivery)
    {
        using var json = JsonDocument.Parse(delivery.Json);
        return json.RootElement.Text(ResponseAddresses.SealField);
    }

    private static WeComIncoming? ReadBot(InboundEvent inbound, string? botName)
    {
        if (Delivery(inbound) is not { } delivery) return null;
        var (words, attachments) = Parts(delivery.Content);
        var text = string.Join('\n', words);
        return new WeComIncoming(delivery.From, ReplyTo(delivery, inbound.ReceivedAt))
        {
            Text = words.Length == 0 && attachments.Length == 0 ? null : (delivery.IsGroup ? Unmention(text, botName) : text).Trim(),
            Attachments = attachments,
            CorpId = delivery.CorpId,
            Quoted = delivery.Quote is { } quote ? Pointed(quote) : null,
        };
    }

    /// <summary>It comes along whole; of a kind that is not known, nothing can be had.</summary>
    private static QuotedMessage Pointed(AiBotReceived quote)
    {
        var (words, attachments) = Parts(quote);
        return new QuotedMessage(null, words.Length == 0 && attachments.Length == 0 ? null : string.Join('\n', words)) { Attachments = attachments };
    }

    private static (string[] Words, UnifiedAttachment[] Attachments) Parts(AiBotReceived content)
    {
        List<AiBotReceived> parts = content is BotMixedReceived mixed ? [.. mixed.Items] : [content];
        return (
            [.. parts.Select(p => p switch { BotTextReceived text => text.Content, BotVoiceReceived voice => voice.Content, _ => null }).OfType<string>()],
            [.. parts.Select(p => p switch
            {
                BotImageReceived image => Attached("image", image.Image),
                BotFileReceived file => Attached("file", file.File),
                BotVideoReceived video => Attached("video", video.Video),
                _ => null,
            }).OfType<UnifiedAttachment>().Take(MostAttachments)]);
    }

    private static WeComIncoming ReadApplication(InboundEvent inbound)
    {
        using var json = JsonDocument.Parse(inbound.Payload);
        var fields = json.RootElement;
        var media = fields.Text("MediaId");
        var (text, kind) = inbound.EventType switch
        {
            "message.text" => (fields.Text("Content"), null),
            "message.image" => ("", "image"),
            "message.voice" => ("", "audio"),
            "message.video" => ("", "video"),
            "message.location" => (string.Join(' ', ((string?[])[fields.Text("Label"), fields.Text("Location_X"), fields.Text("Location_Y")]).OfType<string>()), null),
            "message.link" => (string.Join('\n', ((string?[])[fields.Text("Title"), fields.Text("Description"), fields.Text("Url")]).OfType<string>()), null),
            _ => (null, (string?)null),
        };
        return new WeComIncoming(inbound.PersonId!, new WeComReplyTo(WeComReplyTo.UserId, inbound.PersonId!))
        {
            Text = kind is not null && media is null ? null : text?.Trim(),
            Attachments = kind is not null && media is not null ? [WeComAttachments.OfApplication(kind, media)] : [],
            CorpId = inbound.TenantKey,
        };
    }

    /// <summary>Its address lives for 5 minutes, and was sealed when it came; the key that opens the file is in the seal.</summary>
    private static UnifiedAttachment Attached(string kind, AiBotMedia media) => WeComAttachments.OfBot(kind, BotFileSeals.KeyOf(media));

    /// <summary>In groups the bot hears what mentions it. Without a name that is the first thing mentioned at the beginning or, failing that, at the end.</summary>
    private static string Unmention(string text, string? botName)
    {
        if (botName is { Length: > 0 } && text.IndexOf("@" + botName, StringComparison.OrdinalIgnoreCase) is >= 0 and var at) return text.Remove(at, botName.Length + 1);
        var first = FirstMention().Replace(text, "", 1);
        return first.Length < text.Length ? first : LastMention().Replace(text, "", 1);
    }

    [GeneratedRegex(@"^\s*@[^\s\u2005]{1,64}[\s\u2005]*")]
    private static partial Regex FirstMention();

    [GeneratedRegex(@"[\s\u2005]+@[^\s\u2005]{1,64}\s*$")]
    private static partial Regex LastMention();
}

/// <summary>Reads payloads.</summary>
internal static class WeComFields
{
    /// <summary>A field's text; null when it has none.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

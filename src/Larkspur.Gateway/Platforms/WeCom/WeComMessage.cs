using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>What an outbox row says to WeCom: its <see cref="OutboxMessage.Content"/>.</summary>
internal sealed record WeComMessage
{
    /// <summary>Of <see cref="OutboxMessage.MessageType"/>.</summary>
    public const string Markdown = "markdown";
    public const string Text = "text";
    public const string Card = "template_card";
    public const string Image = "image";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The words of a text or Markdown message.</summary>
    public string? Content { get; init; }

    /// <summary>The buttons of a card.</summary>
    public WeComButtons? Buttons { get; init; }

    /// <summary>A picture that was uploaded.</summary>
    public string? MediaId { get; init; }

    /// <summary>The stream whose end is to be shown.</summary>
    public string? StreamId { get; init; }

    /// <summary>The code of the click whose card changes. Secret while it lives.</summary>
    public string? ResponseCode { get; init; }

    /// <summary><see cref="Conversations.ReplyAddress.Extra"/>.</summary>
    public string? Extra { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="ChannelException">The row is not readable.</exception>
    public static WeComMessage Read(OutboxEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize<WeComMessage>(entry.Message.Content, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ChannelException("unreadable_row", "The row holds no WeCom message.", transient: false, e);
        }
    }

    /// <summary>The row that sends it.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="app">By which app.</param>
    /// <param name="messageType">What it is.</param>
    /// <param name="operation">What is done with it; null: it is a new message.</param>
    public OutboxMessage To(WeComReplyTo to, string app, string messageType, OutboxOperation? operation = null)
    {
        var address = to.ToAddress(app);
        return new OutboxMessage
        {
            Platform = WeComApps.Platform, Operation = operation ?? MessageOperations.Create, Lane = address.Lane,
            TargetType = to.TargetType, Target = to.Target, MessageType = messageType,
            Content = (this with { Extra = address.Extra }).ToJson(), FallsBack = operation != CardTokenUpdate.Operation,
        };
    }

    /// <summary>Plain words to a person or a conversation.</summary>
    public static OutboxMessage Say(WeComReplyTo to, string app, string words) => new WeComMessage { Content = words }.To(to, app, to.IsBot ? Markdown : Text);
}

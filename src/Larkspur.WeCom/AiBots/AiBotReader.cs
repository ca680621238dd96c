using System.Text.Json;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.WeCom.AiBots;

/// <summary>Reads the platform's JSON about a bot: strict, and no member twice.</summary>
internal static class AiBotReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>A JSON object; null when it is none.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A message or an event; null when it is none.</summary>
    public static AiBotDelivery? Read(JsonElement json, ReadOnlyMemory<byte> bytes, DateTimeOffset now, string? requestId)
    {
        try
        {
            string type = json.Text("msgtype"), id = json.Text("msgid");
            // Events of the long connection were seen without an id; the request's own tells them apart.
            if (id.Length == 0) id = requestId ?? "";
            if (type.Length == 0 || id.Length == 0) return null;
            string chat = json.Text("chatid");
            return new AiBotDelivery
            {
                Id = id,
                BotId = json.Text("aibotid"),
                From = json.Part("from") is { } from ? from.Text("userid") : "",
                CorpId = json.Part("from") is { } sender && sender.Text("corpid") is { Length: > 0 } corp ? corp : null,
                ChatId = chat.Length > 0 ? chat : null,
                IsGroup = json.Text("chattype") == "group",
                ReceivedAt = now,
                Content = type == "event" ? ReadEvent(json) : ReadMessage(json, json.Text("msgtype")),
                Quote = json.Part("quote") is { } quote ? ReadMessage(quote, quote.Text("msgtype")) : null,
                ResponseUrl = Uri.TryCreate(json.Text("response_url"), UriKind.Absolute, out Uri? url) && WeComHosts.KeepsSecrets(url) ? url : null,
                RequestId = requestId,
                Json = bytes,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON that is no text.
            return null;
        }
    }

    public static JsonElement? Part(this JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : null;

    public static string Text(this JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Number => value.GetRawText(), _ => "" } : "";

    public static int Number(this JsonElement json, string name) => int.TryParse(json.Text(name), out int number) ? number : 0;

    private static IEnumerable<JsonElement> Items(this JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static AiBotReceived ReadMessage(JsonElement json, string type) => (type, json.Part(type)) switch
    {
        ("text", { } text) => new BotTextReceived(text.Text("content")),
        ("voice", { } voice) => new BotVoiceReceived(voice.Text("content")),
        ("image", { } image) when Media(image) is { } media => new BotImageReceived(media),
        ("file", { } file) when Media(file) is { } media => new BotFileReceived(media),
        ("video", { } video) when Media(video) is { } media => new BotVideoReceived(media),
        ("mixed", { } mixed) => new BotMixedReceived([.. mixed.Items("msg_item").Select(item => ReadMessage(item, item.Text("msgtype")))]),
        ("stream", { } stream) => new BotStreamPolled(stream.Text("id")),
        _ => new BotUnknownReceived(json),
    };

    private static AiBotReceived ReadEvent(JsonElement json)
    {
        if (json.Part("event") is not { } happened) return new BotUnknownReceived(json);
        return happened.Text("eventtype") switch
        {
            "enter_chat" => new BotChatEntered(),
            "template_card_event" => ReadClick(happened.Part("template_card_event") ?? happened),
            "feedback_event" when happened.Part("feedback_event") is { } feedback => new BotFeedback(
                feedback.Text("id"), feedback.Number("type"), feedback.Text("content"),
                [.. feedback.Items("inaccurate_reason_list").Where(r => r.ValueKind == JsonValueKind.Number).Select(r => r.TryGetInt32(out int reason) ? reason : 0)]),
            "disconnected_event" => new BotReplaced(),
            _ => new BotUnknownReceived(json),
        };
    }

    // The official client's type file shows these flat, its plugin reads them nested; both are read.
    private static BotCardClicked ReadClick(JsonElement click) => new(
        click.Text("event_key"), click.Text("task_id"), click.Text("card_type"),
        [
            .. (click.Part("selected_items") is { } selected ? selected.Items("selected_item") : []).Select(item => new CardSelection(
                item.Text("question_key"),
                [.. (item.Part("option_ids") is { } options ? options.Items("option_id") : []).Where(o => o.ValueKind == JsonValueKind.String).Select(o => o.GetString()!)])),
        ]);

    private static AiBotMedia? Media(JsonElement json)
        => Uri.TryCreate(json.Text("url"), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new AiBotMedia(url, json.Text("aeskey") is { Length: > 0 } key ? key : null) : null;
}

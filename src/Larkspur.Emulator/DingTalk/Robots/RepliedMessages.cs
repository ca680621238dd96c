using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Writes what a message replies to into its body: <c>isReplyMsg</c> and <c>repliedMsg</c> beside the words, <c>originalMsgId</c> at the top.</summary>
/// <remarks>No reference of the platform describes it: UNVERIFIED, after what integrations report. A reply's own reply is not written again.</remarks>
internal sealed class RepliedMessages(EmulatorState state, DingTalkSettings settings, ChatReader reader, CardInstances cards)
{
    /// <summary>The robot's id where people have their encrypted one.</summary>
    public string RobotUserId => DingTalkIds.SenderId("robot/" + settings.RobotCode);

    /// <param name="said">The member that holds the words: <c>text</c>, or <c>content</c> of a rich text.</param>
    /// <param name="userId">Who replies: cards differ from person to person.</param>
    public void Write(Reply reply, string userId, JsonObject body, JsonObject said)
    {
        said["isReplyMsg"] = true;
        body["originalMsgId"] = reply.To.MessageId;
        if (SentKey(reply.To) is { } key) body["originalProcessQueryKey"] = key;
        if (reply.Detail == ReplyDetail.Id) return;
        var (type, content) = Read(reply.To, userId);
        var replied = new JsonObject { ["createdAt"] = reply.To.Time.ToUnixTimeMilliseconds(), ["senderId"] = SenderOf(reply.To), ["msgType"] = type, ["msgId"] = reply.To.MessageId };
        if (reply.Detail == ReplyDetail.Content && content is not null) replied["content"] = content;
        said["repliedMsg"] = replied;
    }

    private (string Type, JsonObject? Content) Read(DingTalkMessage message, string userId) => message.Kind switch
    {
        "text" or "sampleText" => ("text", new JsonObject { ["content"] = message.Text }),
        "markdown" or "sampleMarkdown" => ("markdown", new JsonObject { ["title"] = message.Title, ["text"] = message.Text }),
        "picture" or "sampleImageMsg" => ("picture", Kept(message) is { } picture ? Code(picture) : null),
        "richText" => ("richText", RichText(message)),
        "file" or "sampleFile" => ("file", Kept(message) is { } file ? new JsonObject { ["fileName"] = message.Title, ["downloadCode"] = file } : null),
        "audio" or "sampleAudio" => ("audio", Kept(message) is { } voice ? new JsonObject { ["downloadCode"] = voice, ["recognition"] = message.Text } : null),
        "video" or "sampleVideo" => ("video", Kept(message) is { } film ? new JsonObject { ["downloadCode"] = film, ["videoType"] = "mp4" } : null),
        "card" => ("interactiveCard", new JsonObject { ["cardContent"] = CardTree(reader.Read(message, userId)) }),
        _ => ("unknownMsgType", null),
    };

    /// <summary>A picture may also be an address elsewhere, which no code stands for.</summary>
    private string? Kept(DingTalkMessage message) => message.Media is { } key && state.File(key) is not null ? key : null;

    private static JsonObject Code(string key) => new() { ["downloadCode"] = key, ["pictureDownloadCode"] = key };

    /// <summary>Its parts are spelt otherwise than in a message of its own.</summary>
    private static JsonObject RichText(DingTalkMessage message)
    {
        var parts = DingTalkCall.Parsed(message.Content)?["richText"] as JsonArray ?? [];
        return new JsonObject
        {
            ["richText"] = new JsonArray([.. parts.Select(p => (JsonNode?)(p?["downloadCode"] is { } code
                ? new JsonObject { ["msgType"] = "picture", ["downloadCode"] = code.DeepClone() }
                : new JsonObject { ["msgType"] = "text", ["content"] = p?["text"]?.DeepClone() }))]),
        };
    }

    /// <summary>What the card shows, as elements: the words are those of <c>TEXT</c>.</summary>
    private static JsonObject CardTree(MessageReading reading) => Box(
    [
        .. new[] { reading.Title, reading.Text }.Where(t => t.Length > 0).Select(Texts),
        .. (reading.Card?.Fields ?? []).Select(f => Box([Texts(f.Key), Texts(f.Value)])),
    ]);

    private static JsonObject Box(IEnumerable<JsonObject> children) => new() { ["elementType"] = "CONTAINER", ["children"] = new JsonArray([.. children]) };

    private static JsonObject Texts(string text) => new() { ["elementType"] = "TEXT", ["value"] = text };

    private string SenderOf(DingTalkMessage message) => message.SenderKind switch
    {
        DingTalkSender.Person => DingTalkIds.SenderId(message.SenderId),
        DingTalkSender.GroupRobot => DingTalkIds.SenderId("group robot/" + message.SenderId),
        _ => RobotUserId,
    };

    /// <summary>What the robot was given when it sent this; of a card, the place's <c>carrierId</c>.</summary>
    private string? SentKey(DingTalkMessage message) =>
        message.ProcessQueryKey ?? (message.OutTrackId is { } id ? cards.Find(id)?.Places.FirstOrDefault(p => p.MessageId == message.MessageId)?.CarrierId : null);
}

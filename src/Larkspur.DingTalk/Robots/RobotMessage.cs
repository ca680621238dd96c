using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.DingTalk.Robots;

/// <summary>What somebody wrote to the robot: in a conversation of two, or in a group with an @.</summary>
/// <remarks>In groups neither audio, nor video, nor files are delivered. Recognise repetitions by <see cref="MsgId"/>.</remarks>
public sealed record RobotMessage
{
    /// <summary>Id of the message.</summary>
    public required string MsgId { get; init; }

    /// <summary>The conversation. Of a group it is its <c>openConversationId</c>, with which one can send to it.</summary>
    public string ConversationId { get; init; } = "";

    /// <summary><c>1</c>: with the robot alone; <c>2</c>: a group.</summary>
    public string ConversationType { get; init; } = "";

    /// <summary>Name of the group.</summary>
    public string? ConversationTitle { get; init; }

    /// <summary>When it was written, in milliseconds.</summary>
    public long CreateAt { get; init; }

    /// <summary>The writer, encrypted by the platform: of no use in other calls.</summary>
    public string? SenderId { get; init; }

    /// <summary>The writer's userid. Missing for people from outside, and as long as the app is not published.</summary>
    public string? SenderStaffId { get; init; }

    /// <summary>The writer's union id, when the platform says it.</summary>
    public string? SenderUnionId { get; init; }

    /// <summary>The writer's name.</summary>
    public string? SenderNick { get; init; }

    /// <summary>The writer's organisation; missing for people from outside.</summary>
    public string? SenderCorpId { get; init; }

    /// <summary>The writer's device.</summary>
    public string? SenderPlatform { get; init; }

    /// <summary>The writer administers the organisation.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The robot as the platform writes it in <see cref="AtUsers"/>.</summary>
    public string? ChatbotUserId { get; init; }

    /// <summary>The robot's organisation.</summary>
    public string? ChatbotCorpId { get; init; }

    /// <summary>The robot's code.</summary>
    public string? RobotCode { get; init; }

    /// <summary>The robot was addressed with an @.</summary>
    public bool IsInAtList { get; init; }

    /// <summary>Who was addressed with an @.</summary>
    public IReadOnlyList<AtUser> AtUsers { get; init; } = [];

    /// <summary>Where one can answer without a token, for a while (<see cref="DingTalkRobot.ReplyAsync(RobotMessage, WebhookMessage, CancellationToken)"/>). Secret: whoever has it can write there.</summary>
    public string? SessionWebhook { get; init; }

    /// <summary>Until when, in milliseconds.</summary>
    public long SessionWebhookExpiredTime { get; init; }

    /// <summary><c>text</c>, <c>richText</c>, <c>picture</c>, <c>audio</c>, <c>video</c>, <c>file</c>, <c>unknownMsgType</c>; some clients write a text that replies as <c>reply</c> (UNVERIFIED).</summary>
    public string Msgtype { get; init; } = "";

    /// <summary>The text of a text message, as sent: after an @ it begins with white space. See <see cref="Said"/>.</summary>
    public RobotText? Text { get; init; }

    /// <summary>What other kinds of messages have.</summary>
    [JsonPropertyName("content")]
    public JsonElement Body { get; init; }

    /// <summary>The organisation has used up its deliveries of the month: the platform says that somebody wrote (<c>20001</c>) and not what. <see cref="Said"/> is empty then.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The platform's text for <see cref="ErrorCode"/>.</summary>
    public string? ErrorMessage { get; init; }

    [JsonInclude]
    internal JsonElement? OriginalMsgId { get; init; }

    [JsonInclude]
    internal JsonElement? OriginalProcessQueryKey { get; init; }

    [JsonInclude]
    internal JsonElement? QuoteMessage { get; init; }

    /// <summary>A group, as against a conversation with the robot alone.</summary>
    [JsonIgnore]
    public bool IsGroup => ConversationType == "2";

    /// <summary>The organisation's deliveries of the month are used up, so the content was withheld.</summary>
    [JsonIgnore]
    public bool IsOverQuota => ErrorCode == "20001";

    /// <summary>All words in it, trimmed: of a text, of a rich text's pieces joined, or what was recognised in an audio message; else empty.</summary>
    [JsonIgnore]
    public string Said => Msgtype switch
    {
        "text" or "reply" => Text?.Content?.Trim() ?? "",
        "richText" => string.Concat(Pieces().Select(p => p.Text("text"))).Trim(),
        "audio" => Body.Text("recognition")?.Trim() ?? "",
        _ => "",
    };

    /// <summary>What can be downloaded of it (<see cref="DingTalkRobot.GetDownloadUrlAsync"/>): one for picture, audio, video and file, any number for a rich text.</summary>
    [JsonIgnore]
    public IReadOnlyList<RobotFile> Files => Msgtype == "richText" ? [.. Pieces().Select(p => FileOf(p)).OfType<RobotFile>()] : FileOf(Body) is { } one ? [one] : [];

    /// <summary>What it replies to; null: it is no reply.</summary>
    [JsonIgnore]
    public RepliedMessage? Replied => RepliedMessageReader.Read(this);

    /// <summary>Not shown: what was said, and where one can answer.</summary>
    public override string ToString() => $"robot message {MsgId} ({Msgtype})";

    private IEnumerable<JsonElement> Pieces()
        => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("richText", out JsonElement pieces) && pieces.ValueKind == JsonValueKind.Array ? pieces.EnumerateArray() : [];

    internal static RobotFile? FileOf(JsonElement body)
        => body.Text("downloadCode") is { Length: > 0 } code ? new(code, body.Text("fileName"), body.Text("pictureDownloadCode"), long.TryParse(body.Text("duration"), out long duration) ? duration : null) : null;
}

/// <summary>Text of a message.</summary>
/// <param name="Content">The text.</param>
public sealed record RobotText(string? Content)
{
    [JsonInclude]
    internal JsonElement? IsReplyMsg { get; init; }

    [JsonInclude]
    internal JsonElement? RepliedMsg { get; init; }
}

/// <summary>Somebody who was addressed.</summary>
/// <param name="DingtalkId">As the platform writes people and robots in messages.</param>
/// <param name="StaffId">Userid; missing for robots and people from outside.</param>
/// <param name="UnionId">Union id, when the platform says it.</param>
public sealed record AtUser(string? DingtalkId, string? StaffId, string? UnionId);

/// <summary>A file in a message.</summary>
/// <param name="DownloadCode">What to ask for it with.</param>
/// <param name="FileName">The sender's name of it; no path.</param>
/// <param name="PictureDownloadCode">Of pictures, a second code.</param>
/// <param name="Duration">Of audio and video.</param>
public sealed record RobotFile(string DownloadCode, string? FileName, string? PictureDownloadCode, long? Duration);

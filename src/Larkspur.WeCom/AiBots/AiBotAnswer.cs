using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.AiBots;

/// <summary>What an AI bot says. Judged when it is made.</summary>
/// <remarks>Which answers are taken where: see the methods that take one. Sources: pages 101031, 101032, 101138, 101463.</remarks>
public sealed class AiBotAnswer
{
    private AiBotAnswer(string type, JsonObject json) => (Type, Json) = (type, json);

    internal string Type { get; }

    internal JsonObject Json { get; }

    /// <summary>Plain text; only as a welcome.</summary>
    public static AiBotAnswer Text(string content) => Make("text", content, f => f.Required("text.content", content));

    /// <summary>Markdown, at most 20,480 bytes. Long connection and response address; not as the direct answer to a callback (that is a stream).</summary>
    public static AiBotAnswer Markdown(string content) => Make("markdown", content, f => f.Required("markdown.content", content));

    /// <summary>A template card.</summary>
    public static AiBotAnswer Card(TemplateCard card) => new("template_card", new JsonObject { ["msgtype"] = "template_card", ["template_card"] = Judged(card, isUpdate: false) });

    /// <summary>A file that was uploaded over the long connection.</summary>
    public static AiBotAnswer Media(MediaKind kind, string mediaId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mediaId);
        string type = MediaRules.NameOf(kind);
        return new(type, new JsonObject { ["msgtype"] = type, [type] = new JsonObject { ["media_id"] = mediaId } });
    }

    /// <summary>A stream as it stands: always the whole text so far.</summary>
    /// <param name="id">The stream's own id, the same in all of its frames.</param>
    /// <param name="content">Markdown, at most 20,480 bytes; <c>&lt;think&gt;…&lt;/think&gt;</c> is shown as reasoning.</param>
    /// <param name="finish">This is all.</param>
    /// <param name="images">Pictures below the text, at most 10 of 10 MB; only with <paramref name="finish"/> and in callback mode.</param>
    /// <param name="feedbackId">Lets people judge the answer, at most 256 bytes; only in the first answer.</param>
    public static AiBotAnswer Stream(string id, string content, bool finish, IReadOnlyList<ReadOnlyMemory<byte>>? images = null, string? feedbackId = null)
        => new("stream", new JsonObject { ["msgtype"] = "stream", ["stream"] = StreamOf(id, content, finish, images, feedbackId) });

    /// <summary>A stream and, once, a card. Callback mode only: whether the long connection takes it is told differently by its page and the official client (CONFLICT).</summary>
    public static AiBotAnswer StreamWithCard(string id, string content, bool finish, TemplateCard card)
        => new("stream_with_template_card", new JsonObject
        {
            ["msgtype"] = "stream_with_template_card",
            ["stream"] = StreamOf(id, content, finish, null, null),
            ["template_card"] = Judged(card, isUpdate: false),
        });

    /// <summary>The clicked card becomes this one, within 5 s of the click.</summary>
    /// <param name="card">Its task id must be that of the click.</param>
    /// <param name="userIds">For whom; empty: everybody.</param>
    public static AiBotAnswer UpdateCard(TemplateCard card, IReadOnlyList<string>? userIds = null)
    {
        var problems = new ContentProblems();
        problems.Required("task_id", card?.TaskId);
        problems.ThrowIfAny();
        var json = new JsonObject { ["response_type"] = "update_template_card", ["template_card"] = Judged(card!, isUpdate: true) };
        if (userIds is { Count: > 0 }) json["userids"] = new JsonArray([.. userIds.Select(u => JsonValue.Create(u))]);
        return new("update_template_card", json);
    }

    internal void Require(string place, params ReadOnlySpan<string> types)
    {
        if (!types.Contains(Type)) throw new WeComContentException([$"{Type} is not taken as {place}."]);
    }

    private static AiBotAnswer Make(string type, string content, Action<ContentProblems> judge)
    {
        var problems = new ContentProblems();
        judge(problems);
        problems.ThrowIfAny();
        CheckLength(content);
        return new(type, new JsonObject { ["msgtype"] = type, [type] = new JsonObject { ["content"] = content } });
    }

    internal static void CheckLength(string content)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(content);
        if (length > AiBotLimits.ContentBytes)
        {
            throw new AiBotLimitException(AiBotLimit.ContentBytes, $"The text has {length} bytes, and one answer takes {AiBotLimits.ContentBytes}. Cut it (WeComText.Split) and send the rest as further messages.");
        }
    }

    private static JsonObject StreamOf(string id, string content, bool finish, IReadOnlyList<ReadOnlyMemory<byte>>? images, string? feedbackId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(content);
        CheckLength(content);
        var problems = new ContentProblems();
        problems.Bytes("stream.feedback.id", feedbackId, 256);
        if (images is { Count: > 0 })
        {
            problems.Count("stream.msg_item", images, 1, 10);
            if (!finish) problems.Add("stream.msg_item", "is taken with the end of a stream only");
            foreach (ReadOnlyMemory<byte> image in images)
            {
                if (image.Length > 10 << 20 || !MediaRules.IsImage(image.Span)) problems.Add("stream.msg_item", "has a picture that is not JPG or PNG of at most 10 MB");
            }
        }

        problems.ThrowIfAny();
        var stream = new JsonObject { ["id"] = id, ["finish"] = finish, ["content"] = content };
        if (images is { Count: > 0 }) stream["msg_item"] = new JsonArray([.. images.Select(Picture)]);
        if (feedbackId is not null) stream["feedback"] = new JsonObject { ["id"] = feedbackId };
        return stream;
    }

    private static JsonObject Picture(ReadOnlyMemory<byte> image)
    {
#pragma warning disable CA5351 // The platform's checksum, not a protection.
        string sum = Convert.ToHexStringLower(MD5.HashData(image.Span));
#pragma warning restore CA5351
        return new JsonObject { ["msgtype"] = "image", ["image"] = new JsonObject { ["base64"] = Convert.ToBase64String(image.Span), ["md5"] = sum } };
    }

    private static JsonObject Judged(TemplateCard card, bool isUpdate)
    {
        ArgumentNullException.ThrowIfNull(card);
        var problems = new ContentProblems();
        card.Judge(problems, CardPlace.AiBot, isUpdate);
        problems.ThrowIfAny();
        return card.ToJson();
    }
}

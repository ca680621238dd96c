using System.Text.Json;

namespace Larkspur.DingTalk.Robots;

/// <summary>Finds what a message replies to, and reads it by what is there: clients write the same kind of message in several ways. What has the wrong type is passed over.</summary>
internal static class RepliedMessageReader
{
    private const int LongestId = 512;
    private const int LongestCode = 4096;
    private const int MostPieces = 1000;
    private const int MostFiles = 50;

    /// <returns>Null: it is no reply.</returns>
    public static RepliedMessage? Read(RobotMessage message)
    {
        // Beside the words: in `text`, or in the `content` of a rich text.
        JsonElement beside = message.Text?.RepliedMsg is { ValueKind: JsonValueKind.Object } told ? told : message.Body.Member("repliedMsg");
        string? id = Short(message.OriginalMsgId?.Text()), key = Short(message.OriginalProcessQueryKey?.Text());
        if (beside.ValueKind == JsonValueKind.Object)
        {
            RepliedMessage replied = Read(beside, "msgType", beside.Member("content"));
            return replied with { MsgId = replied.MsgId ?? id, ProcessQueryKey = key };
        }

        // An id alone could be there for another reason.
        bool isReply = (message.Text?.IsReplyMsg is { } flag && IsTrue(flag)) || IsTrue(message.Body.Member("isReplyMsg"));
        if (isReply) return id is null && key is null ? null : new RepliedMessage { MsgId = id, ProcessQueryKey = key };
        return message.QuoteMessage is { ValueKind: JsonValueKind.Object } old ? Read(old, "msgtype", old.Member("text")) : null;
    }

    private static RepliedMessage Read(JsonElement replied, string kind, JsonElement content)
    {
        content = Unwrapped(content);
        List<RobotFile> files = [.. Pieces(content).Prepend(content).Select(FileOf).OfType<RobotFile>().Take(MostFiles)];
        string? words = WordsOf(content, replied);
        return new RepliedMessage
        {
            MsgId = Short(replied.Text("msgId")), MsgType = Short(replied.Text(kind)) ?? "", SenderId = Short(replied.Text("senderId")), CreatedAt = long.TryParse(replied.Text("createdAt"), out long time) && time > 0 ? time : 0,
            Said = words ?? (files.Count > 0 ? "" : null), Files = files,
        };
    }

    /// <summary>Some clients send the content as JSON in a text.</summary>
    private static JsonElement Unwrapped(JsonElement content)
    {
        if (content.Text() is not { } text || !text.AsSpan().TrimStart().StartsWith('{')) return content;
        try
        {
            using var document = JsonDocument.Parse(text, DingTalkJson.Strict);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Words that begin with a brace; or a name with half a surrogate pair.
            return content;
        }
    }

    /// <summary>Null: none came along.</summary>
    private static string? WordsOf(JsonElement content, JsonElement replied)
    {
        var words = new BoundedText();
        if (content.Text() is { } plain) words.Add(plain);
        foreach (JsonElement piece in Pieces(content)) words.Add(Piece(piece));
        if (words.IsEmpty) RepliedCardText.Collect(content.Member("cardContent"), words);
        // In this order: the words themselves, what was heard, what stands for a record of a chat.
        foreach (string name in (string[])["content", "text", "markdown", "recognition", "summary", "title"])
        {
            if (!words.IsEmpty) break;
            words.Add(content.Text(name));
        }

        if (words.IsEmpty) words.Add(replied.Text("text"));
        return words.IsEmpty ? null : words.ToString();
    }

    private static IEnumerable<JsonElement> Pieces(JsonElement content)
        => content.Member("richText") is { ValueKind: JsonValueKind.Array } pieces ? pieces.EnumerateArray().Take(MostPieces) : [];

    private static string? Piece(JsonElement piece) => (piece.Text("msgType") ?? piece.Text("type")) switch
    {
        "picture" => null,
        "at" when piece.Text("atName") is { } name => "@" + name,
        _ => piece.Text("content") ?? piece.Text("text"),
    };

    private static RobotFile? FileOf(JsonElement part)
        => RobotMessage.FileOf(part) is { } file && file.DownloadCode.Length <= LongestCode
            ? file with { FileName = Short(file.FileName), PictureDownloadCode = file.PictureDownloadCode is { Length: <= LongestCode } code ? code : null } : null;

    private static string? Short(string? text) => text is { Length: > 0 and <= LongestId } ? text : null;

    private static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True || (value.Text() is { } text && bool.TryParse(text, out bool truth) && truth);
}

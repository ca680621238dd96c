using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>What a person says to the robot: how it stands in the chat, and how the robot gets it.</summary>
/// <param name="Type"><c>msgtype</c> on the wire.</param>
/// <param name="Content">The wire's <c>content</c>; of a text its <c>text</c>.</param>
internal sealed record PersonMessage(string Type, JsonObject Content)
{
    public string Text { get; init; } = "";
    public string Title { get; init; } = "";
    public string? Media { get; init; }

    /// <summary>Voice, film and files reach the robot in its own chat only.</summary>
    public bool ReachesGroups => Type is "text" or "picture" or "richText";

    /// <summary>The client replies in words.</summary>
    public bool CanReply => Type is "text" or "richText";
}

/// <summary>Makes a message of a control call.</summary>
internal sealed class PersonMessages(EmulatorState state)
{
    private const int MostBytes = 20 << 20;
    public static readonly ImmutableArray<string> Members = ["chat", "text", "msg_type", "base64", "name", "duration_ms", "recognition", "at", "at_people", "reply_to", "reply_detail"];

    /// <exception cref="ControlRefusal">It is no message.</exception>
    public PersonMessage Read(ControlInput input, string userId)
    {
        var type = input.Text("msg_type") ?? "text";
        var text = input.Text("text") ?? "";
        if (type == "text") return text.Length == 0 ? throw new ControlRefusal("\"send\" needs \"text\", or \"msg_type\" with \"base64\".") : new PersonMessage("text", new JsonObject { ["content"] = text }) { Text = text };
        if (type == "unknownMsgType") return new PersonMessage(type, []);
        if (type is not ("picture" or "richText" or "audio" or "video" or "file")) throw new ControlRefusal("\"msg_type\" must be text, picture, richText, audio, video, file or unknownMsgType.");
        var file = Keep(input, userId, type);
        var duration = input.Int("duration_ms", 0, int.MaxValue) ?? 1000;
        var content = type switch
        {
            "picture" => new JsonObject { ["downloadCode"] = file.Key, ["pictureDownloadCode"] = file.Key },
            "richText" => new JsonObject { ["richText"] = new JsonArray(new JsonObject { ["text"] = text }, new JsonObject { ["downloadCode"] = file.Key, ["pictureDownloadCode"] = file.Key, ["type"] = "picture" }) },
            "audio" => new JsonObject { ["duration"] = duration, ["downloadCode"] = file.Key, ["recognition"] = input.Text("recognition") ?? text },
            "video" => new JsonObject { ["duration"] = duration, ["downloadCode"] = file.Key, ["videoType"] = "mp4" },
            _ => new JsonObject { ["downloadCode"] = file.Key, ["fileName"] = file.Name, ["fileId"] = file.Key[..12], ["spaceId"] = "10001" },
        };
        return new PersonMessage(type, content) { Text = type == "audio" ? input.Text("recognition") ?? text : text, Title = file.Name, Media = file.Key };
    }

    private StoredFile Keep(ControlInput input, string userId, string type)
    {
        var base64 = input.Need("base64");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length == 0) throw new ControlRefusal("\"base64\" is not base64.");
        if (length > MostBytes) throw new ControlRefusal("The file is larger than 20 MB.", 413);
        bytes = bytes[..length];
        var picture = type is "picture" or "richText";
        var kind = picture ? ImageFormat.Recognise(bytes) ?? throw new ControlRefusal("\"base64\" is no picture.") : "application/octet-stream";
        var file = new StoredFile { Key = state.Ids.Next("") + state.Ids.Next(""), IsImage = picture, Name = input.Text("name") ?? type, Type = type, ContentType = kind, Bytes = bytes, OwnerId = userId };
        state.Put(file);
        return file;
    }
}

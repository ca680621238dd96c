using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.People;

/// <summary>What a person sends: a text, a file, or what is described by members named as on the wire.</summary>
/// <param name="Kind"><c>text</c>, <c>image</c>, <c>voice</c>, <c>video</c>, <c>file</c>, <c>location</c>, <c>link</c>, <c>mixed</c>.</param>
/// <param name="Text">What is read: the text, the transcript, the place, the title, the file's name.</param>
internal sealed record PersonMessage(string Kind, string Text, string Name, byte[]? File, JsonObject Detail)
{
    private const int LongestText = 20_000;

    /// <exception cref="ControlRefusal">It is not clear, or the client cannot send it.</exception>
    public static PersonMessage Of(ControlInput input)
    {
        var kind = input.Text("msg_type") ?? (input.Body["base64"] is null ? "text" : "file");
        if (kind is not ("text" or "image" or "voice" or "video" or "file" or "location" or "link" or "mixed")) throw new ControlRefusal($"A person sends text, image, voice, video, file, location, link or mixed, not {kind}.");
        var detail = input.Object("content")?.DeepClone().AsObject() ?? [];
        if (detail.FirstOrDefault(d => !d.Key.All(c => char.IsAsciiLetter(c) || c == '_')).Key is { } odd) throw new ControlRefusal($"\"{odd}\" is no member of a message.");
        var file = FileOf(input);
        if (file is not null && kind is "image" && !MediaRules.IsImage(file)) throw new ControlRefusal("An image must be JPG or PNG.");
        if (file is null && kind is "image" or "video" or "file") throw new ControlRefusal($"\"{kind}\" needs \"base64\".");
        if (kind is "location" or "link" && detail.Count == 0) throw new ControlRefusal($"\"{kind}\" needs \"content\": the members of the callback, for example {{\"Location_X\":31.2,\"Location_Y\":121.5,\"Scale\":15,\"Label\":\"…\"}}.");
        var text = input.Text("text") ?? Any(detail, "content", "Label", "Title") ?? (file is null ? "" : input.Text("name") ?? kind);
        if (kind is "text" or "mixed" && text.Length == 0) throw new ControlRefusal("\"text\" is missing.");
        return text.Length <= LongestText ? new PersonMessage(kind, text, input.Text("name") ?? kind, file, detail) : throw new ControlRefusal($"A person writes {LongestText} characters at most.");
    }

    public PersonMessage Mention(string name) => Text.StartsWith('@') ? this : this with { Text = name + Text };

    /// <summary>The content as the chat keeps it.</summary>
    /// <param name="store">Keeps the file and tells its key.</param>
    public string Kept(Func<byte[], string> store)
    {
        var content = Detail.DeepClone().AsObject();
        if (Text.Length > 0) content["content"] = Text;
        if (File is not null) content["file_key"] = store(File);
        return CanonicalJson.Write(content);
    }

    /// <summary>The members of the application's callback.</summary>
    /// <param name="xml">Where they go.</param>
    /// <param name="share">Puts a picture where its address leads.</param>
    /// <param name="upload">Makes a file a temporary medium.</param>
    public void Write(CallbackXml xml, Func<byte[], string> share, Func<byte[], string> upload)
    {
        switch (Kind)
        {
            case "text":
                xml.Text("Content", Text);
                break;
            case "image":
                xml.Text("PicUrl", share(File!)).Text("MediaId", upload(File!));
                break;
            case "voice":
                xml.Text("MediaId", upload(File ?? [])).Text("Format", "amr");
                break;
            case "video":
                xml.Text("MediaId", upload(File!)).Text("ThumbMediaId", upload(File!));
                break;
            default:
                foreach (var (name, value) in Detail) xml.Text(name, value?.ToString() ?? "");
                if (Kind == "location" && Detail["AppType"] is null) xml.Text("AppType", "wxwork");
                break;
        }
    }

    /// <summary>The members of the AI bot's message, <c>msgtype</c> included.</summary>
    /// <param name="link">Makes a file an encrypted download: its address, and its own key where it has one.</param>
    public JsonObject Json(Func<byte[], (string Url, string? AesKey)> link) => Json(Kind, Text, File is { } file ? link(file) : null);

    /// <inheritdoc cref="Json(Func{byte[], ValueTuple{string, string}})"/>
    /// <param name="kind">Its <c>msgtype</c>.</param>
    /// <param name="text">Its words.</param>
    /// <param name="file">Where its file can be had; null: it has none.</param>
    public static JsonObject Json(string kind, string text, (string Url, string? AesKey)? file) => Item(kind, (kind, file) switch
    {
        ("text" or "voice", _) => new JsonObject { ["content"] = text },
        ("mixed", { } picture) => new JsonObject { ["msg_item"] = new JsonArray(Item("text", new JsonObject { ["content"] = text }), Item("image", Linked(picture))) },
        ("mixed", null) => new JsonObject { ["msg_item"] = new JsonArray(Item("text", new JsonObject { ["content"] = text })) },
        (_, { } bytes) => Linked(bytes),
        _ => throw new ControlRefusal($"A message of kind {kind} has a file."),
    });

    private static JsonObject Item(string kind, JsonObject part) => new() { ["msgtype"] = kind, [kind] = part };

    private static JsonObject Linked((string Url, string? AesKey) file)
    {
        var part = new JsonObject { ["url"] = file.Url };
        if (file.AesKey is { } key) part["aeskey"] = key;
        return part;
    }

    private static byte[]? FileOf(ControlInput input)
    {
        if (input.Text("base64") is not { } base64) return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0 ? bytes[..length] : throw new ControlRefusal("\"base64\" is not base64.");
    }

    private static string? Any(JsonObject detail, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (detail[name] is JsonValue v && v.TryGetValue<string>(out var text)) return text;
        }

        return null;
    }
}

using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>Reads from an app's parameters which files its questions may have. The parameters' shape has grown: whatever is missing or of another kind counts as not said.</summary>
internal static class DifyFileRules
{
    /// <summary>Files of a question where the app names no number.</summary>
    private const int UsualCount = 3;

    /// <summary>Types that Dify reads as documents; others are no documents to it, whatever they hold.</summary>
    private static readonly string[] Documents =
        ["txt", "md", "mdx", "markdown", "pdf", "html", "htm", "xlsx", "xls", "docx", "doc", "csv", "eml", "msg", "pptx", "ppt", "xml", "epub", "json", "properties", "vtt"];

    private static readonly string[] Images = ["jpg", "jpeg", "png", "gif", "webp", "svg"];
    private static readonly string[] Sounds = ["mp3", "m4a", "wav", "amr", "mpga", "webm"];
    private static readonly string[] Films = ["mp4", "mov", "mpeg", "webm"];

    public static AssistantFileRules Read(JsonElement parameters)
    {
        if (Member(parameters, "file_upload") is not { } upload) return AssistantFileRules.None;
        string[] methods = Texts(upload, "allowed_file_upload_methods");
        bool images = Member(upload, "image") is { } vision && Flag(vision, "enabled") == true;
        if (!(Flag(upload, "enabled") ?? images) || (methods.Length > 0 && !methods.Contains("local_file"))) return AssistantFileRules.None;
        string[] types = TypesOf(upload);
        string[] own = types.Contains("custom") ? [.. Texts(upload, "allowed_file_extensions").Select(static e => e.TrimStart('.'))] : [];
        var kinds = new Dictionary<AssistantFileKind, AssistantFileRule>();
        JsonElement limits = Member(parameters, "system_parameters") ?? default;
        Add(AssistantFileKind.Image, "image", Images, "image_file_size_limit", 10);
        Add(AssistantFileKind.Document, "document", Documents, "file_size_limit", 15);
        Add(AssistantFileKind.Audio, "audio", Sounds, "audio_file_size_limit", 50);
        Add(AssistantFileKind.Video, "video", Films, "video_file_size_limit", 100);
        return kinds.Count == 0 ? AssistantFileRules.None : new() { MaxCount = Number(upload, "number_limits") ?? UsualCount, Kinds = kinds };

        void Add(AssistantFileKind kind, string type, string[] usual, string limit, int megabytes)
        {
            string[] taken = types.Contains(type) ? [.. usual, .. own] : own;
            if (taken.Length > 0) kinds[kind] = new AssistantFileRule((long)(Number(limits, limit) ?? megabytes) << 20, taken);
        }
    }

    /// <summary>The types that an app takes: <c>image</c>, <c>document</c>, <c>audio</c>, <c>video</c>, <c>custom</c>.</summary>
    public static IReadOnlyList<string> Types(JsonElement parameters) => Member(parameters, "file_upload") is { } upload ? TypesOf(upload) : [];

    /// <summary>The type that a question names a file by. Dify takes no type that the app does not list, whatever extensions of its own the app has: such a file is <c>custom</c>.</summary>
    /// <param name="file">Which.</param>
    /// <param name="types">What the app takes.</param>
    public static string TypeOf(AssistantFile file, IReadOnlyList<string> types)
    {
        AssistantFileKind kind = AssistantFileRules.KindOf(file.ContentType);
        (string type, string[] usual) = kind switch
        {
            AssistantFileKind.Image => ("image", Images),
            AssistantFileKind.Audio => ("audio", Sounds),
            AssistantFileKind.Video => ("video", Films),
            _ => ("document", Documents),
        };
        return usual.Contains(Path.GetExtension(file.Name).TrimStart('.'), StringComparer.OrdinalIgnoreCase) && types.Contains(type) ? type : "custom";
    }

    /// <summary>Before there were types, an app took pictures or nothing.</summary>
    private static string[] TypesOf(JsonElement upload) => Texts(upload, "allowed_file_types") is { Length: > 0 } types ? types : ["image"];

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    private static int? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number > 0 ? number : null;

    private static string[] Texts(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(static v => v.ValueKind == JsonValueKind.String).Select(static v => v.GetString()!)] : [];
}

using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Feishu's envelopes of success.</summary>
internal static class FeishuAnswer
{
    /// <summary>The usual envelope.</summary>
    public static ApiAnswer Data(JsonObject? data = null) =>
        new() { Json = new JsonObject { ["code"] = 0, ["msg"] = "success", ["data"] = data ?? [] } };

    /// <summary>Old APIs put their fields beside <c>code</c>.</summary>
    public static ApiAnswer Flat(string msg, JsonObject fields)
    {
        var body = new JsonObject { ["code"] = 0, ["msg"] = msg };
        foreach (var (name, value) in fields) body[name] = value?.DeepClone();
        return new ApiAnswer { Json = body };
    }

    public static ApiAnswer Download(StoredFile file) => new() { Bytes = file.Bytes, ContentType = file.ContentType, FileName = file.Name };
}

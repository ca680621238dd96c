using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>WeCom's envelopes.</summary>
internal static class WeComAnswer
{
    private const string ContentType = "application/json; charset=UTF-8";

    /// <summary>errcode 0 and what comes with it.</summary>
    public static ApiAnswer Ok(JsonObject? more = null)
    {
        var json = new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok" };
        foreach (var (name, value) in more?.ToArray() ?? [])
        {
            more!.Remove(name);
            json[name] = value;
        }

        return new ApiAnswer { Json = json, ContentType = ContentType };
    }

    public static ApiAnswer Refused(WeComRefusal refusal) => new()
    {
        Status = refusal.Status, Json = new JsonObject { ["errcode"] = refusal.Code, ["errmsg"] = refusal.Message }, ContentType = ContentType,
    };
}

using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.Front;

/// <summary>What a call is answered with: JSON, or the bytes of a file.</summary>
internal sealed record WeComAnswer
{
    public int Status { get; init; } = StatusCodes.Status200OK;
    public JsonObject? Json { get; init; }
    public ReadOnlyMemory<byte> Bytes { get; init; }
    public string ContentType { get; init; } = "application/json; charset=UTF-8";
    public string? FileName { get; init; }
    /// <summary>Where a browser goes on; the call is a page and no API.</summary>
    public string? Location { get; init; }

    /// <summary>errcode 0 and what comes with it.</summary>
    public static WeComAnswer Ok(JsonObject? more = null)
    {
        var json = new JsonObject { ["errcode"] = 0, ["errmsg"] = "ok" };
        foreach (var (name, value) in more?.ToArray() ?? [])
        {
            more!.Remove(name);
            json[name] = value;
        }

        return new WeComAnswer { Json = json };
    }

    public static WeComAnswer Refused(WeComRefusal refusal) => new() { Status = refusal.Status, Json = new JsonObject { ["errcode"] = refusal.Code, ["errmsg"] = refusal.Message } };
}

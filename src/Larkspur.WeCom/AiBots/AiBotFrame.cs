using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.WeCom.AiBots;

/// <summary>One frame that came over the long connection.</summary>
internal sealed record AiBotFrame(string Command, string RequestId, int? Code, string Message, JsonElement? Body)
{
    /// <summary>Reads a frame; null when it is none. Raw control characters occur inside; the official client takes them out before parsing, and so do we.</summary>
    public static AiBotFrame? Read(ReadOnlySpan<byte> text)
    {
        byte[] clean = new byte[text.Length];
        int length = 0;
        foreach (byte b in text)
        {
            if (b is >= 0x20 or (byte)'\t' or (byte)'\n') clean[length++] = b;
        }

        try
        {
            if (AiBotReader.Parse(clean.AsMemory(0, length)) is not { } json) return null;
            string request = json.Part("headers") is { } headers ? headers.Text("req_id") : "";
            int? code = json.TryGetProperty("errcode", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
            return new AiBotFrame(json.Text("cmd"), request, code, json.Text("errmsg"), json.Part("body"));
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static byte[] Write(string command, string requestId, JsonObject? body)
    {
        var frame = new JsonObject { ["cmd"] = command, ["headers"] = new JsonObject { ["req_id"] = requestId } };
        if (body is not null) frame["body"] = body.DeepClone();
        return Encoding.UTF8.GetBytes(frame.ToJsonString(WeComJson.Options));
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.WeCom.AiBots;

/// <summary>One frame that came over the long connection.</summary>
internal sealed record AiBotFrame(string Command, string RequestId, int? Code, string Message, JsonElement? Body)
{
    /// <summary>Reads a frame; null when it is none.</summary>
    public static AiBotFrame? Read(ReadOnlySpan<byte> text)
    {
        ReadOnlyMemory<byte> clean = Clean(text);
        try
        {
            if (AiBotReader.Parse(clean) is not { } json) return null;
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

    /// <summary>Raw control characters occur inside of strings, where JSON has none. The official client takes them out before parsing; here what has a meaning in a text (TAB, LF, CR) is kept as its escape.</summary>
    private static ReadOnlyMemory<byte> Clean(ReadOnlySpan<byte> text)
    {
        byte[] clean = new byte[text.Length * 2];
        int length = 0;
        bool inString = false, escaped = false;
        foreach (byte b in text)
        {
            if (b >= 0x20)
            {
                clean[length++] = b;
                if (b == (byte)'"' && !escaped) inString = !inString;
                escaped = inString && b == (byte)'\\' && !escaped;
            }
            else if (inString && !escaped && (b is (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                clean[length++] = (byte)'\\';
                clean[length++] = b switch { (byte)'\t' => (byte)'t', (byte)'\n' => (byte)'n', _ => (byte)'r' };
            }
        }

        return clean.AsMemory(0, length);
    }
}

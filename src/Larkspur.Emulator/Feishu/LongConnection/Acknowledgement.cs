using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>A client's answer to an event: <c>{"code":200,"headers":…,"data":"base64 of the answer's JSON"}</c>.</summary>
/// <param name="Code">200 acknowledges; a failed handler says 500.</param>
/// <param name="Data">The answer's JSON; empty when there is none. Base64 that is none stays as it came and is no JSON to whoever reads it.</param>
/// <param name="Raw">The payload as it came.</param>
/// <param name="HandlerTime">Header <c>biz_rt</c>.</param>
public sealed record Acknowledgement(int Code, string Data, string Raw, string? HandlerTime)
{
    /// <summary><see langword="null"/> when the payload is not an answer.</summary>
    public static Acknowledgement? Read(Frame frame)
    {
        try
        {
            if (StrictJson.Parse(frame.Payload.Span) is not JsonObject body || body["code"] is not JsonValue number || !number.TryGetValue<int>(out var code)) return null;
            var data = body["data"] switch
            {
                null => "",
                JsonValue v when v.TryGetValue<string>(out var base64) => Decode(base64),
                var other => other.ToJsonString(),
            };
            return new Acknowledgement(code, data, Encoding.UTF8.GetString(frame.Payload.Span), frame.Header(FrameHeader.HandlerTime));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes.AsSpan(0, length)) : base64;
    }
}

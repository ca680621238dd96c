using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>Makes exceptions of refusals.</summary>
internal static class DifyErrorReader
{
    private const int LongestText = 300;
    private const int LongestCode = 64;

    /// <summary>Of an answer with an error status.</summary>
    public static DifyException Read(DifyRequest request, int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter, string apiKey)
    {
        (string code, string text) = Envelope(body);
        return Make(request, code, status, text, midStream: false, retryAfter, apiKey);
    }

    /// <summary>Of an <c>error</c> event.</summary>
    public static DifyException Read(DifyRequest request, JsonElement data, bool begun, string apiKey)
    {
        int status = data.TryGetProperty("status", out JsonElement s) && s.ValueKind == JsonValueKind.Number && s.TryGetInt32(out int number) ? number : 0;
        return Make(request, Text(data, "code"), status, Text(data, "message"), begun, null, apiKey);
    }

    /// <summary>An answer that says yes and is not what was promised.</summary>
    public static DifyException NotPromised(DifyRequest request, int status, string what, Exception? inner = null) =>
        new($"{request.Name} was answered with HTTP {status} and {what}.", inner) { HttpStatus = status };

    private static DifyException Make(DifyRequest request, string code, int status, string text, bool midStream, TimeSpan? retryAfter, string apiKey)
    {
        // Before it is cut: half a key would be left.
        text = text.Replace(apiKey, "***", StringComparison.Ordinal);
        text = text.Truncate(LongestText);
        if (!IsWord(code)) code = "";
        FailureKind kind = DifyErrorCodes.KindOf(code, status);
        string where = midStream ? "broke off" : "was refused";
        // Dify's own text may quote the question, or a provider that quotes a key: it is no part of the message, which is logged and shown.
        return new DifyException($"{request.Name} {where} with {(code.Length > 0 ? code : $"HTTP {status}")}.")
        {
            Detail = text,
            ErrorCode = code,
            HttpStatus = status,
            MidStream = midStream,
            FailureKind = kind,
            LimitScope = kind == FailureKind.RateLimited ? RateLimitScope.Endpoint : RateLimitScope.None,
            RetryAfter = retryAfter,
            NothingHappened = !midStream && kind == FailureKind.RateLimited,
            // The same word stands for workflows and messages too: what was asked decides.
            IsConversationGone = code == "conversation_completed" || (code == "not_found" && request.NamesConversation && !text.Contains("orkflow", StringComparison.Ordinal)),
        };
    }

    private static (string Code, string Text) Envelope(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (Text(document.RootElement, "code"), Text(document.RootElement, "message")) : ("", "");
        }
        catch (JsonException)
        {
            return ("", ""); // a proxy's page
        }
    }

    /// <summary>What stands where a code should and is none could be anything: a gateway's sentence, the question.</summary>
    private static bool IsWord(string code) => code.Length <= LongestCode && code.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static string Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return ""; // half a surrogate pair: the rest of the refusal is still worth telling
        }
    }
}

using System.Text.Json;

namespace Larkspur.WeCom;

/// <summary>The envelope of an answer: <c>errcode</c> and <c>errmsg</c> beside the values.</summary>
internal readonly record struct WeComAnswer(int? Code, string? Message)
{
    /// <summary>Reads the envelope in one pass.</summary>
    /// <returns>False when the body is not a JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out WeComAnswer answer)
    {
        answer = default;
        int? code = null;
        string? message = null;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isCode = reader.ValueTextEquals("errcode"u8), isMessage = reader.ValueTextEquals("errmsg"u8);
                reader.Read();
                if (isCode && reader.TokenType == JsonTokenType.Number) code = reader.TryGetInt32(out int number) ? number : int.MinValue;
                else if (isMessage && reader.TokenType == JsonTokenType.String) message = reader.GetString();
                else reader.Skip();
            }

            // What follows the object is not its JSON either.
            if (reader.Read()) return false;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }

        answer = new(code, message);
        return true;
    }

    /// <summary>A refusal of the platform's.</summary>
    public static WeComApiException Refusal(string endpoint, int code, string? message, int httpStatus, Func<string, string> redact)
    {
        string text = redact(message ?? "");
        WeComCodeMeaning meaning = WeComErrorCodes.Judge(code, httpStatus);
        string advice = WeComErrorCodes.Advice(code) is { } words ? $" {words}" : "";
        return new WeComApiException($"{endpoint} was refused with code {code}: {text.Truncate(300)}.{advice}")
        {
            Code = code,
            ErrorMessage = text,
            HttpStatus = httpStatus,
            Endpoint = endpoint,
            FailureKind = meaning.Kind,
            NothingHappened = meaning.NothingHappened,
            RetryAfter = meaning.Wait,
            LimitScope = WeComErrorCodes.Scope(meaning),
        };
    }

    /// <summary>An answer that is not the platform's JSON: a proxy's page, an empty body.</summary>
    public static WeComApiException NotJson(string endpoint, int httpStatus, string? contentType)
    {
        WeComCodeMeaning meaning = WeComErrorCodes.Judge(0, httpStatus);
        return new WeComApiException($"{endpoint} was answered with HTTP {httpStatus} and {contentType ?? "no content type"}, which is not the platform's JSON. A proxy may stand between.")
        {
            HttpStatus = httpStatus,
            Endpoint = endpoint,
            FailureKind = meaning.Kind,
            NothingHappened = meaning.NothingHappened,
            LimitScope = WeComErrorCodes.Scope(meaning),
        };
    }
}

using System.Text.Json;

namespace Larkspur.Feishu;

/// <summary>The envelope of an answer, found in one pass: what decides, and where the data stands.</summary>
internal readonly record struct FeishuAnswerBody(int? Code, string? Msg, Range Data, Range Error, string? OAuthError, string? OAuthDescription)
{
    public bool HasData => !Data.Equals(default);

    /// <summary>A failure by the envelope: a code other than 0, or OAuth's <c>error</c>.</summary>
    public bool SaysNo => Code is not (null or 0) || OAuthError is not null;

    /// <summary>Reads the envelope.</summary>
    /// <returns>False when the body is not a JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out FeishuAnswerBody body)
    {
        body = default;
        if (json.StartsWith("\uFEFF"u8)) return false;
        int? code = null;
        string? msg = null, oauthError = null, oauthDescription = null;
        Range data = default, error = default;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("code"u8)) code = ReadCode(ref reader) ?? code;
                else if (reader.ValueTextEquals("msg"u8)) msg = ReadText(ref reader) ?? msg;
                else if (reader.ValueTextEquals("message"u8)) msg ??= ReadText(ref reader); // old internal style (authen)
                else if (reader.ValueTextEquals("data"u8)) data = ReadRange(ref reader);
                else if (reader.ValueTextEquals("error_description"u8)) oauthDescription = ReadText(ref reader);
                else if (reader.ValueTextEquals("error"u8))
                {
                    Utf8JsonReader ahead = reader;
                    ahead.Read();
                    if (ahead.TokenType == JsonTokenType.String) oauthError = ReadText(ref reader);
                    else error = ReadRange(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }

        body = new(code, msg, data, error, string.IsNullOrEmpty(oauthError) ? null : oauthError, oauthDescription);
        return true;
    }

    private static int? ReadCode(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetInt32(out int number) ? number : -1;
        if (reader.TokenType == JsonTokenType.String && int.TryParse(reader.GetString(), out int text)) return text;
        reader.Skip();
        return null;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static Range ReadRange(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return default;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}

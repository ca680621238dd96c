using System.Text.Json;
using System.Text.Unicode;

namespace Larkspur.Feishu.Events;

/// <summary>One forward pass over an envelope: finds the members that decide about it, builds no tree and allocates nothing.</summary>
/// <remarks>
/// A member that decides something may occur once only. Two parsers that disagree about which of two <c>token</c>s or <c>event</c>s counts are
/// how a check is passed on one value and acted on with another.
/// </remarks>
internal struct EnvelopePeek
{
    /// <summary>Deepest nesting read. Real events stay under 20.</summary>
    public const int MaxDepth = 64;

    public JsonText Encrypt;
    public JsonText Schema;
    public JsonText Type;
    public JsonText Token;
    public JsonText Challenge;
    public JsonText Uuid;
    public JsonText Time;
    public JsonText RootTenantKey;
    public JsonText HeaderEventId;
    public JsonText HeaderEventType;
    public JsonText HeaderTime;
    public JsonText HeaderToken;
    public JsonText HeaderAppId;
    public JsonText HeaderTenantKey;
    public JsonText EventType;
    public JsonText EventAppId;
    public JsonText EventTenantKey;
    public bool HasHeader;
    public bool HasEvent;
    public bool HasAction;
    public int EventStart;
    public int EventLength;

    /// <summary>The flat body of the old card callback: an action and a card token, and nothing of an envelope.</summary>
    public readonly bool IsLegacyCard =>
        HasAction && !Token.IsEmpty && !HasHeader && !HasEvent && !Schema.Present && !Type.Present && !Encrypt.Present && !Challenge.Present;

    /// <summary>Reads strictly: valid UTF-8, one JSON object, bounded depth, no deciding member twice.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out EnvelopePeek peek)
    {
        peek = default;
        if (!Utf8.IsValid(json)) return false;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && peek.ReadRoot(ref reader) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A member name with half a surrogate pair ("\ud800"): the reader cannot turn it into text.
            return false;
        }
    }

    private bool ReadRoot(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool good =
                reader.ValueTextEquals("encrypt"u8) ? Take(ref reader, ref Encrypt, int.MaxValue)
                : reader.ValueTextEquals("schema"u8) ? Take(ref reader, ref Schema)
                : reader.ValueTextEquals("type"u8) ? Take(ref reader, ref Type)
                : reader.ValueTextEquals("token"u8) ? Take(ref reader, ref Token)
                : reader.ValueTextEquals("challenge"u8) ? Take(ref reader, ref Challenge)
                : reader.ValueTextEquals("uuid"u8) ? Take(ref reader, ref Uuid)
                : reader.ValueTextEquals("ts"u8) ? Take(ref reader, ref Time)
                : reader.ValueTextEquals("tenant_key"u8) ? Take(ref reader, ref RootTenantKey)
                : reader.ValueTextEquals("header"u8) ? ReadHeader(ref reader)
                : reader.ValueTextEquals("event"u8) ? ReadEvent(ref reader)
                : reader.ValueTextEquals("action"u8) ? ReadAction(ref reader)
                : Pass(ref reader);
            if (!good) return false;
        }

        return true;
    }

    private bool ReadHeader(ref Utf8JsonReader reader)
    {
        if (HasHeader) return false;
        HasHeader = true;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool good =
                reader.ValueTextEquals("event_id"u8) ? Take(ref reader, ref HeaderEventId)
                : reader.ValueTextEquals("event_type"u8) ? Take(ref reader, ref HeaderEventType)
                : reader.ValueTextEquals("create_time"u8) ? Take(ref reader, ref HeaderTime)
                : reader.ValueTextEquals("token"u8) ? Take(ref reader, ref HeaderToken)
                : reader.ValueTextEquals("app_id"u8) ? Take(ref reader, ref HeaderAppId)
                : reader.ValueTextEquals("tenant_key"u8) ? Take(ref reader, ref HeaderTenantKey)
                : Pass(ref reader);
            if (!good) return false;
        }

        return true;
    }

    private bool ReadEvent(ref Utf8JsonReader reader)
    {
        if (HasEvent) return false;
        HasEvent = true;
        reader.Read();
        EventStart = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool good =
                    reader.ValueTextEquals("type"u8) ? TakeIfScalar(ref reader, ref EventType)
                    : reader.ValueTextEquals("app_id"u8) ? TakeIfScalar(ref reader, ref EventAppId)
                    : reader.ValueTextEquals("tenant_key"u8) ? TakeIfScalar(ref reader, ref EventTenantKey)
                    : Pass(ref reader);
                if (!good) return false;
            }
        }
        else
        {
            reader.Skip();
        }

        EventLength = (int)reader.BytesConsumed - EventStart;
        return true;
    }

    private bool ReadAction(ref Utf8JsonReader reader)
    {
        if (HasAction) return false;
        HasAction = true;
        return Pass(ref reader);
    }

    private static bool Pass(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }

    /// <summary>Notes a string, number or null; anything else, a repetition or an absurd length refuses the envelope.</summary>
    private static bool Take(ref Utf8JsonReader reader, ref JsonText field, int maxLength = JsonText.MaxLength)
    {
        if (field.Present) return false;
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        int length = (int)reader.BytesConsumed - start;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                field = new JsonText(start, 0);
                return true;
            case JsonTokenType.String or JsonTokenType.Number when length <= maxLength:
                field = new JsonText(start, length);
                return true;
            default:
                return false;
        }
    }

    /// <summary>In the event body the same names may mean anything (2.0 events have objects called <c>type</c>): only scalars are noted.</summary>
    private static bool TakeIfScalar(ref Utf8JsonReader reader, ref JsonText field)
    {
        if (field.Present) return false;
        Utf8JsonReader value = reader;
        if (Take(ref value, ref field))
        {
            reader = value;
            return true;
        }

        field = new JsonText(0, 0);
        return Pass(ref reader);
    }
}

using System.Text.Json;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The few ids in an event's body that routing needs, found in one pass without building a tree.</summary>
internal ref struct FeishuEventFacts
{
    /// <summary>The platform's ids have 20 to 40 characters; whatever is longer is no id.</summary>
    private const int LongestId = 128;

    public string? ChatId { get; private set; }

    public string? MessageId { get; private set; }

    public string? PersonId { get; private set; }

    /// <summary>An approval instance.</summary>
    public string? InstanceCode { get; private set; }

    /// <summary>Reads the <c>event</c> member (or the legacy card callback's body).</summary>
    public static FeishuEventFacts Read(ReadOnlySpan<byte> json)
    {
        var facts = default(FeishuEventFacts);
        var reader = new Utf8JsonReader(json);
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject) facts.ReadObject(ref reader, depth: 0);
        return facts;
    }

    private void ReadObject(ref Utf8JsonReader reader, int depth)
    {
        // The first of each counts: once the three that most events have are known the rest, often a long text, is not read.
        while (!IsComplete && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            if (field == Field.Nested && reader.TokenType == JsonTokenType.StartObject && depth < 2) ReadObject(ref reader, depth + 1);
            else if (reader.TokenType == JsonTokenType.String) Take(field, ref reader);
            else reader.Skip();
        }
    }

    private readonly bool IsComplete => ChatId is not null && MessageId is not null && PersonId is not null;

    private static Field FieldOf(ref Utf8JsonReader reader)
    {
        // Most names are none of these, and their length tells.
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length is < 6 or 14 or > 15) return Field.Other;
        if (reader.ValueTextEquals("chat_id"u8) || reader.ValueTextEquals("open_chat_id"u8)) return Field.Chat;
        if (reader.ValueTextEquals("message_id"u8) || reader.ValueTextEquals("open_message_id"u8)) return Field.Message;
        if (reader.ValueTextEquals("open_id"u8)) return Field.Person;
        if (reader.ValueTextEquals("instance_code"u8)) return Field.Instance;
        return reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("context"u8) || reader.ValueTextEquals("sender"u8)
            || reader.ValueTextEquals("sender_id"u8) || reader.ValueTextEquals("operator"u8) || reader.ValueTextEquals("operator_id"u8)
            ? Field.Nested
            : Field.Other;
    }

    private void Take(Field field, ref Utf8JsonReader reader)
    {
        if (field is Field.Other or Field.Nested || reader.ValueSpan.Length is 0 or > LongestId) return;
        var value = reader.GetString();
        if (field == Field.Chat) ChatId ??= value;
        else if (field == Field.Message) MessageId ??= value;
        else if (field == Field.Person) PersonId ??= value;
        else InstanceCode ??= value;
    }

    private enum Field
    {
        Other,
        Nested,
        Chat,
        Message,
        Person,
        Instance,
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Feishu;

/// <summary>Reads and writes an <see cref="IWireEnum{TSelf}"/> as its wire text; numbers and booleans in its place are taken as their text.</summary>
/// <typeparam name="T">The value type.</typeparam>
public sealed class WireEnumJsonConverter<T> : JsonConverter<T> where T : struct, IWireEnum<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => T.From(reader.GetString()!),
        JsonTokenType.Number => T.From(reader.HasValueSequence ? Encoding.UTF8.GetString(reader.ValueSequence) : Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => T.From("true"),
        JsonTokenType.False => T.From("false"),
        _ => throw new JsonException($"{typeof(T).Name} is text on the wire, not {reader.TokenType}."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.From(reader.GetString()!);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);
}

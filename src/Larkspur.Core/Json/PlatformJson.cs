using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Larkspur;

/// <summary>Makes the options by which the SDKs read and write the platforms' JSON.</summary>
public static class PlatformJson
{
    /// <summary>Nulls left out, numbers accepted from strings, text written unescaped (Chinese stays readable), read-only.</summary>
    /// <param name="names">How members are named.</param>
    /// <param name="converters">The platform's own.</param>
    public static JsonSerializerOptions Create(JsonNamingPolicy names, params ReadOnlySpan<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = names,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        foreach (JsonConverter converter in converters) options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>
/// Reads a string also where a platform sends a number or a boolean: its pages and its answers disagree about many a field, and one such
/// field must not cost the whole answer.
/// </summary>
/// <remarks>
/// For example <c>operate_time</c> of Feishu's <c>approval_instance</c> is text, but a number when the status is REVERTED.
/// </remarks>
public sealed class TextJsonConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.HasValueSequence
            ? Encoding.UTF8.GetString(reader.ValueSequence)
            : Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw new JsonException($"Text is expected, not {reader.TokenType}."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }

    /// <inheritdoc/>
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.GetString()!;

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value);
    }
}

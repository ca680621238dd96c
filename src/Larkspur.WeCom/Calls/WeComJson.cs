using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom;

/// <summary>How the SDK reads and writes the platform's JSON.</summary>
public static class WeComJson
{
    /// <summary>snake_case names, nulls left out, numbers accepted from strings, text written unescaped.</summary>
    public static JsonSerializerOptions Options { get; } = PlatformJson.Create(JsonNamingPolicy.SnakeCaseLower, new BarredListJsonConverter());

    /// <summary>The same, but a null where the type knows none is an error and no null.</summary>
    internal static JsonSerializerOptions Strict { get; } = CreateStrict();

    private static JsonSerializerOptions CreateStrict()
    {
        var options = new JsonSerializerOptions(Options) { RespectNullableAnnotations = true };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>Ids of an answer. The wire has them as <c>a|b</c> after sending and as an array after updating a card; both are read.</summary>
public sealed class WeComIds : System.Collections.ObjectModel.ReadOnlyCollection<string>
{
    /// <summary>Nobody.</summary>
    public static new WeComIds Empty { get; } = new([]);

    internal WeComIds(IList<string> ids) : base(ids)
    {
    }
}

/// <summary>Reads one member of an answer by <see cref="WeComJson.Strict"/>.</summary>
internal sealed class StrictJsonConverter<T> : JsonConverter<T> where T : class
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => JsonSerializer.Deserialize<T>(ref reader, WeComJson.Strict) ?? throw new JsonException("It is null.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, WeComJson.Strict);
}

internal sealed class BarredListJsonConverter : JsonConverter<WeComIds>
{
    public override bool HandleNull => true;

    public override WeComIds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return WeComIds.Empty;
            case JsonTokenType.String:
                return new WeComIds(reader.GetString()!.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            case JsonTokenType.StartArray:
                var ids = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    // Departments and tags are numbers in some answers.
                    if (reader.TokenType == JsonTokenType.String) ids.Add(reader.GetString()!);
                    else if (reader.TokenType == JsonTokenType.Number) ids.Add(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
                    else throw new JsonException("An id is neither text nor a number.");
                }

                return new WeComIds(ids);
            default:
                throw new JsonException("Ids are neither a text nor an array.");
        }
    }

    public override void Write(Utf8JsonWriter writer, WeComIds value, JsonSerializerOptions options) => writer.WriteStringValue(string.Join('|', value));
}

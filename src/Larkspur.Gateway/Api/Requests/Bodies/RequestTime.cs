using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>A time in a body: ISO 8601, also without an offset (then UTC) and without a time of the day.</summary>
internal sealed class RequestTime : JsonConverter<DateTimeOffset>
{
    /// <summary>Characters that one may have.</summary>
    public const int Longest = 40;

    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString()!, out var time) ? time : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

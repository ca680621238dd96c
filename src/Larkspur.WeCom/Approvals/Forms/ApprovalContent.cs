using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary>One filled control of a form.</summary>
/// <param name="Control">Its kind, <c>Text</c>.</param>
/// <param name="Id">Its id, <c>Text-1700000001</c>.</param>
/// <param name="Value">What is in it.</param>
[JsonConverter(typeof(ApprovalContentJsonConverter))]
public sealed record ApprovalContent(string Control, string Id, ApprovalValue Value)
{
    /// <summary>Its label; told by the platform, not sent.</summary>
    public IReadOnlyList<LocalizedText> Title { get; init; } = [];
}

internal sealed class ApprovalContentJsonConverter : JsonConverter<ApprovalContent>
{
    public override ApprovalContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Wire wire = JsonSerializer.Deserialize<Wire>(ref reader, options) ?? throw new JsonException("A filled control is null.");
        return new ApprovalContent(wire.Control, wire.Id, ApprovalValueJson.Read(wire.Control, wire.Value)) { Title = wire.Title ?? [] };
    }

    public override void Write(Utf8JsonWriter writer, ApprovalContent value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("control", value.Control);
        writer.WriteString("id", value.Id);
        writer.WritePropertyName("value");
        JsonSerializer.Serialize(writer, ApprovalValueJson.Write(value.Value), options);
        writer.WriteEndObject();
    }

    private sealed record Wire([property: JsonRequired] string Control, [property: JsonRequired] string Id, JsonElement Value, IReadOnlyList<LocalizedText>? Title);
}

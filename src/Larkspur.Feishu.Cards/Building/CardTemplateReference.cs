using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A card that lies in the platform's card builder, with values for its variables: content of an interactive message.</summary>
/// <param name="TemplateId">Its id (AAq…). The template must be published and open to the app (200380 and 200381 otherwise).</param>
/// <param name="Version">Version, for example 1.0.2; null for the newest published one.</param>
public sealed record CardTemplateReference(string TemplateId, string? Version = null)
{
    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Values by the variables' names: whatever System.Text.Json can write. Types are those of the template (200732 otherwise).</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>The content.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public string ToJson()
    {
        using var writer = CardWriter.Rent();
        var json = writer.Json;
        json.WriteStartObject();
        json.WriteString("type"u8, "template"u8);
        json.WriteStartObject("data"u8);
        json.WriteString("template_id"u8, Guard.NotEmpty(TemplateId, "The template's id"));
        writer.String("template_version_name"u8, Version);
        if (Variables.Count > 0)
        {
            json.WritePropertyName("template_variable"u8);
            System.Text.Json.JsonSerializer.Serialize(json, Variables, Relaxed);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        return System.Text.Encoding.UTF8.GetString(writer.Written);
    }
}

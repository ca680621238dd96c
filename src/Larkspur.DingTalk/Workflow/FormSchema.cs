using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.DingTalk.Workflow;

/// <summary>A template as the platform has it.</summary>
/// <remarks>Source: 02/0492.</remarks>
public sealed record FormSchema
{
    /// <summary>Its code.</summary>
    [JsonPropertyName("formCode")]
    public string? ProcessCode { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    [JsonPropertyName("memo")]
    public string? Description { get; init; }

    /// <summary><c>PUBLISHED</c>, <c>INVALID</c>, <c>SAVED</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Its fields.</summary>
    public FormSchemaContent? SchemaContent { get; init; }

    /// <summary>Its fields from top to bottom.</summary>
    [JsonIgnore]
    public IReadOnlyList<FormField> Fields => SchemaContent?.Items ?? [];
}

/// <summary>What a template holds.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Items">Its fields.</param>
public sealed record FormSchemaContent(string? Title, IReadOnlyList<FormField>? Items);

/// <summary>A field of a template.</summary>
/// <param name="ComponentName"><c>TextField</c>, <c>MoneyField</c>, …</param>
/// <param name="Props">Its properties, as they stand.</param>
/// <param name="Children">The columns of a table.</param>
public sealed record FormField(string? ComponentName, JsonElement Props, IReadOnlyList<FormField>? Children)
{
    /// <summary>Its id in the template.</summary>
    [JsonIgnore]
    public string? Id => Props.Text("id");

    /// <summary>What people read beside it; by it values are given.</summary>
    [JsonIgnore]
    public string? Label => Props.Text("label");

    /// <summary>Nobody submits without it.</summary>
    [JsonIgnore]
    public bool Required => Props.ValueKind == JsonValueKind.Object && Props.TryGetProperty("required", out JsonElement said) && (said.ValueKind == JsonValueKind.True || said.ValueKind == JsonValueKind.String && said.ValueEquals("true"));
}

/// <summary>A template that a person sees.</summary>
/// <param name="ProcessCode">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where a person fills it in.</param>
/// <param name="DirName">The group that it stands in.</param>
public sealed record VisibleTemplate(string? ProcessCode, string? Name, string? Url, string? DirName);

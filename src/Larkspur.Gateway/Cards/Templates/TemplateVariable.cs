using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Types of a template's variables.</summary>
internal enum VariableKind
{
    /// <summary>Words that are shown as they are, whatever they hold.</summary>
    Text,

    /// <summary>Words with emphasis and links; tags in them are shown as they are.</summary>
    Markdown,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary><c>2026-04-01</c>, or a moment in ISO 8601.</summary>
    Date,

    /// <summary>An open id, union id or user id; in markdown a mention.</summary>
    Person,

    /// <summary>A complete address: https, http, lark or feishu.</summary>
    Url,

    /// <summary>A list of objects, whose fields are typed, too.</summary>
    List,
}

/// <summary>A variable of a template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its type.</param>
internal sealed record TemplateVariable(string Name, VariableKind Kind)
{
    /// <summary>A request must give it.</summary>
    public bool Required { get; init; }

    /// <summary>What it is when it is not given; null: nothing.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>Most characters of a text.</summary>
    public int MaxLength { get; init; } = 4000;

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The fields of a list's objects.</summary>
    public IReadOnlyList<TemplateVariable> Fields { get; init; } = [];
}

/// <summary>Something that is wrong with a template, or with the values for one.</summary>
/// <param name="Pointer">Where, as a JSON pointer.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What helps.</param>
internal sealed record TemplateProblem(string Pointer, string Rule, string Message, string Fix)
{
    /// <summary>A change of the template's text that mends it; null where only the author knows.</summary>
    public CardQuickFix? QuickFix { get; init; }
}

/// <summary>A card with gaps.</summary>
internal sealed record CardTemplate
{
    public required string Name { get; init; }

    /// <summary>The file's name, without its folder; null: it was written in the console.</summary>
    public required string? File { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<TemplateVariable> Variables { get; init; }

    public required IReadOnlyDictionary<string, LocalText> Strings { get; init; }

    /// <summary>The body.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The body is a <see cref="CardMessage"/>; otherwise card JSON 2.0.</summary>
    public required bool IsMessage { get; init; }
}

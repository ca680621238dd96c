using System.Text.Json;

namespace Larkspur.Gateway.Cards;

/// <summary>A card where a platform has none that is drawn freely: a heading, Markdown, small print and buttons. Its channel gives them the platform's own forms.</summary>
/// <param name="Text">Markdown; words as they are when <paramref name="IsPlain"/>.</param>
/// <param name="IsPlain">Nothing in it is markup.</param>
internal sealed record MarkdownCard(string Text, bool IsPlain)
{
    /// <summary>Null: none.</summary>
    public string? Title { get; init; }

    /// <summary>Small print; null: none.</summary>
    public string? Note { get; init; }

    /// <summary>What calls back; links stand in the text.</summary>
    public IReadOnlyList<MarkdownCardButton> Buttons { get; init; } = [];

    /// <summary>Reads what its compiler made.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static MarkdownCard Read(CompiledCard card) => JsonSerializer.Deserialize<MarkdownCard>(card.Content) ?? throw new JsonException("null");
}

/// <summary>A button that calls back.</summary>
/// <param name="Id">The action.</param>
/// <param name="Label">What stands on it.</param>
/// <param name="IsPrimary">Drawn as the one to click.</param>
internal sealed record MarkdownCardButton(string Id, string Label, bool IsPrimary);

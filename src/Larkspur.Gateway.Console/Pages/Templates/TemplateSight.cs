using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Templates;

/// <summary>A template as it stands in the editor: what it makes, and what is wrong with it.</summary>
/// <param name="Template">What the text is; null: no template.</param>
/// <param name="Findings">What is wrong with the text, and with the sample values.</param>
internal sealed record TemplateSight(CardTemplate? Template, IReadOnlyList<TemplateFinding> Findings)
{
    /// <summary>What the card says, where the body is a message and the values fit.</summary>
    public CardMessage? Message { get; init; }

    /// <summary>The card as it would be sent; null: the text or the values do not fit.</summary>
    public JsonElement? Card { get; init; }

    /// <summary>Of the card, in UTF-8.</summary>
    public int Bytes { get; init; }

    /// <summary>What the card shows less of than was asked for.</summary>
    public IReadOnlyList<LocalText> Notes { get; init; } = [];

    /// <summary>As <c>json-editor</c> takes its marks.</summary>
    public string Marks(bool ofValues) =>
        string.Join(',', Findings.Where(f => f.InValues == ofValues).Select(static f => $"{f.Line}:error").Distinct());
}

/// <summary>Something that is wrong.</summary>
/// <param name="Line">Of the text, from 1.</param>
/// <param name="Place">JSON pointer; empty: all of it.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What helps; null: the sentence says it.</param>
/// <param name="Change">A change of the text that mends it.</param>
/// <param name="InValues">It is about the sample values.</param>
internal sealed record TemplateFinding(
    int Line, string Place, string Rule, LocalText Message, LocalText? Fix, CardQuickFix? Change, bool InValues);

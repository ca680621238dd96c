using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;
using Larkspur.Feishu.Cards.Validation;

namespace Larkspur.Feishu.Cards;

/// <summary>
/// Judges a card before it is sent, by the platform's catalogue (card-schema.json) and by what is prudent. Takes whatever the <c>content</c> of an
/// interactive message may be: card JSON 2.0, card JSON 1.0, <c>{"type":"template",…}</c>, <c>{"type":"card",…}</c>. Never throws for a bad card; the
/// work is linear in the size of the text, and a text that is far too long is not read at all.
/// </summary>
public static class CardValidator
{
    /// <summary>A card above its limit is still read, so that all is said at once, up to this size in bytes: what a delayed update may have.</summary>
    private static int ReadableBytes => CardSchema.Instance.Limits.DelayedUpdateBytes;

    /// <summary>Validates.</summary>
    /// <param name="cardJson">The content as it would be sent.</param>
    /// <param name="options">The card's use; null for a message of an app's bot.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cardJson"/> is null.</exception>
    public static CardReport Validate(string cardJson, CardValidationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cardJson);
        options ??= new CardValidationOptions();
        var limits = CardSchema.Instance.Limits;
        var inspection = new CardInspection(CardSchema.Instance.V2, options);
        var bytes = CardJson.Utf8Length(cardJson);
        var allowed = options.MaxBytes ?? (options.ForCustomBot ? limits.CustomBotBytes : limits.MessageBytes);
        if (bytes > allowed)
        {
            inspection.Error(CardRules.Size, $"The card has {bytes:N0} bytes of UTF-8; {allowed:N0} are allowed.", "Shorten texts, page the table, or put the long part into a document and link to it.");
            if (bytes > Math.Max(allowed, ReadableBytes)) return new CardReport(CardForm.Unknown, inspection.Findings, true, bytes, 0);
        }

        using var document = CardJson.Parse(cardJson, inspection);
        if (document is null)
        {
            var line = inspection.BrokenLine ?? 1;
            return new CardReport(CardForm.Unknown, [.. inspection.Findings.Select(f => f with { Line = line })], !inspection.IsFull,
                bytes, 0);
        }

        var (form, version) = CardForms.Recognise(document.RootElement, inspection);
        if (version is not null && version != inspection.Version)
        {
            var found = inspection.Findings;
            inspection = new CardInspection(version, options);
            inspection.Take(found);
        }

        switch (form)
        {
            case CardForm.V1 or CardForm.V2:
                CardRoot.Check(inspection, document.RootElement);
                break;
            case CardForm.Template or CardForm.Entity:
                CardForms.CheckReference(inspection, document.RootElement, form);
                break;
        }

        return new CardReport(form, WithLines(cardJson, inspection.Findings), !inspection.IsFull, bytes, inspection.Elements);
    }

    private static IReadOnlyList<CardFinding> WithLines(string cardJson, IReadOnlyList<CardFinding> findings)
    {
        if (findings.Count == 0) return findings;
        var source = CardSource.Of(cardJson);
        return [.. findings.Select(f => f with { Line = source.LineOf(f.Pointer) })];
    }
}

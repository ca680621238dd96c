namespace Larkspur.Feishu.Cards;

/// <summary>A text, and what it is in other languages. A plain string converts to it.</summary>
public sealed record I18nText
{
    /// <summary>A text without translations.</summary>
    /// <param name="text">Shown to whose language has none of its own.</param>
    public I18nText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Default = text;
    }

    /// <summary>The text for everybody else.</summary>
    public string Default { get; }

    /// <summary>Texts by locale.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Translations { get; private init; } = [];

    /// <summary>The same text with one more translation.</summary>
    /// <param name="locale"><c>zh_cn</c>, <c>en_us</c>, <c>ja_jp</c> and the others of the platform's list.</param>
    /// <param name="text">The text in that language.</param>
    /// <exception cref="ArgumentException">The platform does not have the locale, or it is there already.</exception>
    public I18nText In(string locale, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Schema.CardSchema.Instance.Locales.Contains(locale)) throw new ArgumentException($"\"{locale}\" is no language of cards; use one of: {string.Join(", ", Schema.CardSchema.Instance.Locales.Order(StringComparer.Ordinal))}.", nameof(locale));
        if (Translations.Any(t => t.Key == locale)) throw new ArgumentException($"The text has a translation for {locale} already; give one.", nameof(locale));
        return this with { Translations = [.. Translations, new(locale, text)] };
    }

    /// <summary>A text without translations.</summary>
    public static implicit operator I18nText(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => Default;

    /// <summary>Equal texts, equal translations in equal order.</summary>
    public bool Equals(I18nText? other) => other is not null && Default == other.Default && Translations.SequenceEqual(other.Translations);

    /// <inheritdoc/>
    public override int GetHashCode() => Default.GetHashCode(StringComparison.Ordinal);
}

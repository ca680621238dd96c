namespace Larkspur.Gateway.Common.Localisation;

/// <summary>A text in Chinese and in English; readers see the one of their client's language. A plain string is both.</summary>
/// <param name="Chinese">For zh_cn, and for whose language is neither.</param>
/// <param name="English">For en_us.</param>
public sealed record LocalText(string Chinese, string English)
{
    /// <summary>There is one text for all.</summary>
    public bool IsSame => Chinese == English;

    /// <summary>The text for a locale: Chinese for what begins with <c>zh</c>, English for others.</summary>
    public string In(string locale) => locale is not null && locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;

    /// <summary>Both texts, changed alike.</summary>
    public LocalText Select(Func<string, string> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new LocalText(change(Chinese), change(English));
    }

    /// <summary>One text for all.</summary>
    public static LocalText From(string text) => new(text, text);

    /// <summary>One text for all.</summary>
    public static implicit operator LocalText(string text) => From(text);

    /// <summary>Two texts joined.</summary>
    public static LocalText operator +(LocalText left, LocalText right) => Add(left, right);

    /// <inheritdoc cref="op_Addition"/>
    public static LocalText Add(LocalText left, LocalText right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new LocalText(left.Chinese + right.Chinese, left.English + right.English);
    }

    /// <inheritdoc/>
    public override string ToString() => Chinese;
}

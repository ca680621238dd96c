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

    /// <summary>Both languages, a line each: for whom it is not known which one they read.</summary>
    public string Both => Chinese + "\n" + English;

    /// <summary>Things of which both readers see the same, between the commas of their language.</summary>
    public static LocalText List(IEnumerable<string> things)
    {
        string[] all = [.. things];
        return LocalisationTexts.Between.Select(comma => string.Join(comma, all));
    }

    /// <summary>Things between the commas of their language.</summary>
    public static LocalText List(IEnumerable<LocalText> things)
    {
        LocalText[] all = [.. things];
        return new LocalText(List(all.Select(thing => thing.Chinese)).Chinese, List(all.Select(thing => thing.English)).English);
    }

    /// <summary>Things below each other.</summary>
    public static LocalText Lines(IEnumerable<LocalText> things)
    {
        LocalText[] all = [.. things];
        return new LocalText(string.Join('\n', all.Select(thing => thing.Chinese)), string.Join('\n', all.Select(thing => thing.English)));
    }

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

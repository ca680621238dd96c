using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>
/// A component of card JSON 2.0. Elements are immutable and may be used in any number of cards. What a single property cannot see (names in forms,
/// ids, nesting, numbers) is checked when the card is written, and throws an <see cref="ArgumentException"/> that says what to do.
/// </summary>
public abstract record CardElement
{
    private protected CardElement()
    {
    }

    /// <summary>Id for later changes of this element (CardKit): a letter, then letters, digits and _; 20 characters at most; once per card.</summary>
    /// <exception cref="ArgumentException">It has another form.</exception>
    public string? ElementId { get; init => field = Guard.ElementId(value); }

    /// <summary>Space around it.</summary>
    public CardBox? Margin { get; init; }

    private protected abstract ReadOnlySpan<byte> Tag { get; }

    private protected abstract void WriteProperties(CardWriter w);

    /// <summary>An element from JSON that is there already, for what this builder does not have. It is written as it is.</summary>
    /// <param name="json">An object with a tag.</param>
    /// <exception cref="ArgumentException">It is not JSON, or no object with a tag.</exception>
    public static CardElement FromJson(string json) => new RawElement(json);

    internal virtual void Write(CardWriter w)
    {
        w.Begin(Tag);
        w.Id(ElementId);
        w.String("margin"u8, Margin?.ToString());
        WriteProperties(w);
        w.End();
    }
}

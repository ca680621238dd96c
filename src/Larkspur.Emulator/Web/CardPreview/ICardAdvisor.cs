namespace Larkspur.Emulator.Web.CardPreview;

/// <summary>
/// A validator of cards that is not the emulator's own. Where a host registers one, the page at <c>/cards</c> says what it says, and
/// beside it what
/// the emulated platform answers: whoever writes a card gets the same words here as in their own program.
/// </summary>
public interface ICardAdvisor
{
    /// <summary>What is wrong with a card, in the order of its text. Never throws for a bad card.</summary>
    /// <param name="card">The content of an interactive message, as it was typed.</param>
    IReadOnlyList<CardAdvice> Judge(string card);

    /// <summary>The card with changes that mend it.</summary>
    /// <param name="card">As it was judged.</param>
    /// <param name="finding">Which piece of advice to follow, from 0; null: all that can be.</param>
    /// <returns>The text; the same one where there is nothing to change.</returns>
    string Mend(string card, int? finding);
}

/// <summary>One fault of a card, and what to do.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="IsError">It stops the card.</param>
/// <param name="Place">Where; empty for the whole card.</param>
/// <param name="Line">Line of the text, from 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="CanMend"><see cref="ICardAdvisor.Mend"/> can do it.</param>
public sealed record CardAdvice(string Rule, bool IsError, string Place, int Line, string Message, string Remedy, bool CanMend);

namespace Larkspur.Feishu.Cards;

/// <summary>How bad a finding is.</summary>
public enum CardSeverity
{
    /// <summary>The card is sent and works; something in it has no effect, or not the one that was meant.</summary>
    Warning,

    /// <summary>The platform refuses the card, or the card would harm who uses it.</summary>
    Error,
}

/// <summary>One fault of a card.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the text that was validated; empty for the whole card.</param>
/// <param name="Rule">Which rule, for example <c>card.unknown-tag</c>; ids are stable, all of them are in <see cref="CardRules"/>.</param>
/// <param name="Severity">Whether it stops the card.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do.</param>
public sealed record CardFinding(string Pointer, string Rule, CardSeverity Severity, string Message, string Fix)
{
    /// <summary>The line of the text, from 1.</summary>
    public int Line { get; init; } = 1;

    /// <summary>A change that mends it; null where only the author knows what is meant.</summary>
    public CardQuickFix? QuickFix { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{(Pointer.Length == 0 ? "(card)" : Pointer)}: {Message} {Fix} [{Rule}]";
}

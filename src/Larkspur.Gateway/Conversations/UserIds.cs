namespace Larkspur.Gateway.Conversations;

/// <summary>Ids of people as WeCom and DingTalk give them: a company chooses them, so little is known of their shape.</summary>
internal static class UserIds
{
    /// <summary>Up to 64 printable ASCII characters without blanks: what either platform takes.</summary>
    public static bool IsPossible(string id) => id.Length is > 0 and <= 64 && id.All(c => c is > ' ' and <= '~');
}

namespace Larkspur.Gateway.Cards;

/// <summary>Addresses that a card may open.</summary>
internal static class CardUrls
{
    /// <summary>Complete, of a scheme that opens pages or parts of the client, and without credentials that everybody would see.</summary>
    public static bool IsSafe(string url) =>
        !url.AsSpan().ContainsAnyInRange('\0', ' ') && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is ("https" or "http" or "lark" or "feishu" or "applink") && address.UserInfo.Length == 0;
}

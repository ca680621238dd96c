using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Authorizations.Requests;

/// <summary>Where a card is shown.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="App">Its app.</param>
/// <param name="To">There.</param>
/// <param name="Locale">The reader's, where the platform shows one language; null: Chinese.</param>
internal sealed record CardPlace(string Platform, string App, ReplyAddress To, string? Locale)
{
    /// <summary>To a person alone, by an app of Feishu.</summary>
    public static CardPlace Private(string app, string openId) =>
        new(PlatformNames.Feishu, app, new ReplyAddress(openId, "open_id", openId), null);
}

using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands.InOwnName;

/// <summary>A command that looks at what is the caller's own on the platform, with their own token: they are asked once, and it goes on
/// where it stopped.</summary>
internal interface IOwnNameCommand
{
    /// <summary>Without slash; its description stands in the texts under it.</summary>
    string Name { get; }

    string[] Aliases { get; }

    /// <summary>What of the platform it needs, as little as will do.</summary>
    IReadOnlyList<string> Scopes { get; }

    /// <summary>What for, as the person reads it when they are asked.</summary>
    LocalText Reason { get; }

    /// <summary>Makes the answer.</summary>
    /// <param name="app">The app.</param>
    /// <param name="given">What the person allowed.</param>
    /// <param name="language">Of the answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="Authorizations.Tokens.AuthorizationNeededException">They do not allow it any more.</exception>
    /// <exception cref="PlatformApiException">The platform refused.</exception>
    /// <exception cref="PlatformNetworkException">It does not answer.</exception>
    Task<UnifiedResponse> AnswerAsync(FeishuApp app, UserAuthorization given, Language language, CancellationToken cancellation);
}

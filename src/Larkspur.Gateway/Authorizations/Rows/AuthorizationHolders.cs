using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>Who calls in people's names. What one holder was allowed is nothing to the others, although the platform has one token for
/// all of them.</summary>
internal static class AuthorizationHolders
{
    /// <summary>The assistant, for the documents that a question links to.</summary>
    public const string Assistant = "assistant";

    /// <summary>The bot's own commands.</summary>
    public const string Bot = "bot";

    private const string SystemPrefix = "system:";

    /// <summary>A business system; empty: the administrators.</summary>
    public static string OfSystem(string owner) => SystemPrefix + owner;

    /// <summary>As people read it.</summary>
    public static LocalText NameOf(string holder) => holder switch
    {
        Assistant => AuthorizationTexts.HolderAssistant,
        Bot => AuthorizationTexts.HolderBot,
        SystemPrefix => AuthorizationTexts.HolderAdministrators,
        _ => AuthorizationTexts.HolderSystem(holder[SystemPrefix.Length..]),
    };
}

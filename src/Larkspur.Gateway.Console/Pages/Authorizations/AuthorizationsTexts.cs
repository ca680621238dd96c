using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Authorizations;

/// <summary>What the page of authorizations says.</summary>
internal static partial class AuthorizationsTexts
{
    public static LocalText OfState(string state) => FindStates(state) ?? LocalText.From(state);

    public static string KindOf(string state) => state switch
    {
        AuthorizationStates.Given => "good",
        AuthorizationStates.Waiting => "busy",
        AuthorizationStates.Refused => "bad",
        _ => "off",
    };

    /// <summary>Why one ended, in words.</summary>
    public static LocalText OfEnd(string why) => FindEnds(why) ?? LocalText.From(why);
}

using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.LogIn;

/// <summary>What the console says of second factors.</summary>
internal static partial class SecondFactorTexts
{
    // On the profile page.
    public static LocalText Of(string problem) => problem switch
    {
        "too_many" => TooMany,
        "expired" => Expired,
        _ => Refused,
    };
}

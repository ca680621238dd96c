using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.LogIn;

/// <summary>What the log-in says.</summary>
internal static partial class LogInTexts
{
    // One sentence for a wrong name, a wrong password, a locked and a disabled account: who guesses learns nothing.
    public static LocalText Of(string problem) => problem switch
    {
        "too_many" => TooMany,
        "expired" => SecondFactorTexts.Of(problem),
        _ => Refused,
    };
}

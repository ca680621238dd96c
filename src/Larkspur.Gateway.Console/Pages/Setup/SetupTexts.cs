using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Setup;

/// <summary>What the making of the first account says.</summary>
internal static partial class SetupTexts
{
    public static LocalText Of(string problem) => FindProblem(problem) ?? ChoosePasswordIsHarderGuess;
}

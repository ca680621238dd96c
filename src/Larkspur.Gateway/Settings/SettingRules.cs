using System.Globalization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings;

/// <summary>What values may look like.</summary>
internal static class SettingRules
{
    /// <summary>What is wrong with a value that is not empty; null: nothing.</summary>
    public static LocalText? ProblemOf(SettingDefinition definition, string value)
    {
        if (value.Length > definition.Longest) return SettingTexts.AtMostCharacters(definition.Longest);
        if (value.Any(char.IsControl)) return SettingTexts.NoControlCharacters;
        return definition.Kind switch
        {
            SettingKind.Flag when value is not ("true" or "false") => SettingTexts.ItIsTrueOrFalse,
            SettingKind.Choice when !definition.Choices.Contains(value) => SettingTexts.One(LocalText.List(definition.Choices)),
            SettingKind.Number when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                SettingTexts.WholeNumber,
            _ => definition.Problem?.Invoke(value),
        };
    }

    /// <summary>A variable's value as the setting has it, in whatever case it is written; null: the setting cannot have it.</summary>
    /// <remarks>Texts and secrets are taken as they are: those who read them at start judge them too, and have their own words for it.</remarks>
    public static string? Environmental(SettingDefinition definition, string value) => definition.Kind switch
    {
        SettingKind.Flag => bool.TryParse(value, out var on) ? on ? "true" : "false" : null,
        SettingKind.Choice => definition.Choices.FirstOrDefault(c => c.Equals(value, StringComparison.OrdinalIgnoreCase)),
        SettingKind.Number => ProblemOf(definition, value) is null ? value : null,
        _ => value,
    };
}

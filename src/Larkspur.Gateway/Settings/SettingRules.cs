using System.Globalization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings;

/// <summary>What values may look like.</summary>
internal static class SettingRules
{
    /// <summary>What is wrong with a value that is not empty; null: nothing.</summary>
    public static LocalText? ProblemOf(SettingDefinition definition, string value)
    {
        if (value.Length > definition.Longest) return new LocalText($"最多 {definition.Longest} 个字符", $"At most {definition.Longest} characters");
        if (value.Any(char.IsControl)) return new LocalText("不能含控制字符", "No control characters");
        return definition.Kind switch
        {
            SettingKind.Flag when value is not ("true" or "false") => new LocalText("只能是 true 或 false", "It is true or false"),
            SettingKind.Choice when !definition.Choices.Contains(value) => new LocalText($"只能是 {string.Join("、", definition.Choices)} 之一", $"One of {string.Join(", ", definition.Choices)}"),
            SettingKind.Number when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => new LocalText("需要整数", "A whole number"),
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

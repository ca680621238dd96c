using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>What a name and a password must be like.</summary>
internal static partial class AccountRules
{
    public const int ShortestPassword = 12;

    /// <summary>Hashing costs in proportion to it.</summary>
    public const int LongestPassword = 128;

    private const int LongestDisplayName = 60;
    private const int FewestCharacters = 5;

    /// <summary>The name as it is kept.</summary>
    /// <exception cref="AccountRefusedException">It is no name.</exception>
    public static string Name(string? name) => name?.Trim().ToLowerInvariant() is { } lower && Names().IsMatch(lower) ? lower
        : throw new AccountRefusedException("name", "bad_name", AccountTexts.BadName);

    /// <exception cref="AccountRefusedException">It is too long.</exception>
    public static string DisplayName(string? display, string name)
    {
        var text = display?.Trim() is { Length: > 0 } given ? given : name;
        if (text.Length > LongestDisplayName)
            throw new AccountRefusedException("display_name", "too_long", AccountTexts.AtMost60Characters);
        return text.Any(char.IsControl) ? throw new AccountRefusedException("display_name", "bad_value", AccountTexts.NoControlCharacters)
            : text;
    }

    /// <summary>What is wrong with a password for this account; null: nothing.</summary>
    public static AccountRefusedException? ProblemOf(string? password, string name)
    {
        if (password is null || password.Length < ShortestPassword) return Refused("too_short", AccountTexts.PasswordTooShort);
        if (password.Length > LongestPassword) return Refused("too_long", AccountTexts.PasswordTooLong);
        var plain = password.ToLowerInvariant();
        if (name.Length > 0 && plain.Contains(name, StringComparison.Ordinal)) return Refused("has_name", AccountTexts.PasswordHasName);
        if (plain.Distinct().Count() < FewestCharacters) return Refused("too_simple", AccountTexts.PasswordTooSimple);
        return CommonPasswords.Has(plain) ? Refused("too_common", AccountTexts.PasswordTooCommon) : null;
    }

    private static AccountRefusedException Refused(string word, LocalText why) => new("password", word, why);

    [GeneratedRegex("^[a-z][a-z0-9._-]{1,31}$")]
    private static partial Regex Names();
}

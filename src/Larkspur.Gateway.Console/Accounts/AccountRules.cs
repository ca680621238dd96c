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
        : throw new AccountRefusedException("name", "bad_name", new("账号用小写字母、数字和 . _ -，2 到 32 个字符，以字母开头", "Use lower-case letters, digits and . _ -, 2 to 32 characters, the first a letter"));

    /// <exception cref="AccountRefusedException">It is too long.</exception>
    public static string DisplayName(string? display, string name)
    {
        var text = display?.Trim() is { Length: > 0 } given ? given : name;
        if (text.Length > LongestDisplayName) throw new AccountRefusedException("display_name", "too_long", new("最多 60 个字符", "At most 60 characters"));
        return text.Any(char.IsControl) ? throw new AccountRefusedException("display_name", "bad_value", new("不能包含控制字符", "No control characters")) : text;
    }

    /// <summary>What is wrong with a password for this account; null: nothing.</summary>
    public static AccountRefusedException? ProblemOf(string? password, string name)
    {
        if (password is null || password.Length < ShortestPassword) return Refused("too_short", "密码至少 12 个字符", "At least 12 characters");
        if (password.Length > LongestPassword) return Refused("too_long", "密码最多 128 个字符", "At most 128 characters");
        var plain = password.ToLowerInvariant();
        if (name.Length > 0 && plain.Contains(name, StringComparison.Ordinal)) return Refused("has_name", "密码不能包含账号名", "It must not contain the account's name");
        if (plain.Distinct().Count() < FewestCharacters) return Refused("too_simple", "密码太简单：至少用 5 种不同的字符", "Too simple: use at least 5 different characters");
        return CommonPasswords.Has(plain) ? Refused("too_common", "这个密码太常见，请换一个", "Too common: choose another one") : null;
    }

    private static AccountRefusedException Refused(string word, string zh, string en) => new("password", word, new LocalText(zh, en));

    [GeneratedRegex("^[a-z][a-z0-9._-]{1,31}$")]
    private static partial Regex Names();
}

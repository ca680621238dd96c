using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Setup;

/// <summary>What the making of the first account says.</summary>
internal static class SetupTexts
{
    public static readonly LocalText Title = new("首次设置", "First-time set-up");
    public static readonly LocalText About = new("创建管理员账号。为防止他人抢先接管网关，需要输入网关机器上的设置码。", "Create the administrator's account. The code that the gateway keeps on its machine proves that it is yours.");
    public static readonly LocalText Code = new("设置码", "Setup code");
    public static readonly LocalText CodeHelp = new("在网关数据目录的 setup-code 文件里，10 分钟内有效；过期后重新打开本页会生成新的。", "It stands in the file setup-code of the gateway's data folder, good for ten minutes; opening this page again makes another.");
    public static readonly LocalText Name = new("账号", "Account");
    public static readonly LocalText DisplayName = new("显示名称（可选）", "Your name (optional)");
    public static readonly LocalText Password = new("密码", "Password");
    public static readonly LocalText PasswordHelp = new("至少 12 个字符，不能包含账号名。", "At least 12 characters, without the account's name.");
    public static readonly LocalText Create = new("创建账号并继续", "Create the account and go on");
    public static readonly LocalText Done = new("管理员账号已经创建。", "The administrator's account exists already.");
    public static readonly LocalText LogIn = new("去登录", "Log in");

    public static LocalText Of(string problem) => problem switch
    {
        "too_many" => new("尝试过于频繁，请 5 分钟后再试。", "Too many attempts. Try again in 5 minutes."),
        "wrong_code" => new("设置码不对或已过期，请从 setup-code 文件里重新复制。", "This is not the setup code, or it has expired. Copy it from the file setup-code again."),
        "bad_name" => new("账号用小写字母、数字和 . _ -，2 到 32 个字符，以字母开头。", "An account's name has lower-case letters, digits and . _ -, 2 to 32 characters, the first a letter."),
        "too_short" => new("密码至少 12 个字符。", "The password needs at least 12 characters."),
        "has_name" => new("密码不能包含账号名。", "The password must not contain the account's name."),
        _ => new("请换一个更难猜的密码。", "Choose a password that is harder to guess."),
    };
}

using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.LogIn;

/// <summary>What the log-in says.</summary>
internal static class LogInTexts
{
    public static readonly LocalText Title = new("登录", "Log in");
    public static readonly LocalText Name = new("账号", "Account");
    public static readonly LocalText Password = new("密码", "Password");
    public static readonly LocalText Enter = new("登录", "Log in");
    public static readonly LocalText NoAccount = new("还没有任何账号。", "There is no account yet.");
    public static readonly LocalText SetUp = new("开始首次设置", "Set the gateway up");

    // One sentence for a wrong name, a wrong password, a locked and a disabled account: who guesses learns nothing.
    private static readonly LocalText Refused = new("账号或密码不对。连续 5 次输错后账号会锁定 15 分钟。", "Wrong account or password. After five failures in a row an account is locked for 15 minutes.");
    private static readonly LocalText TooMany = new("尝试过于频繁，请 5 分钟后再试。", "Too many attempts. Try again in 5 minutes.");

    public static LocalText Of(string problem) => problem switch
    {
        "too_many" => TooMany,
        "expired" => SecondFactorTexts.Of(problem),
        _ => Refused,
    };
}

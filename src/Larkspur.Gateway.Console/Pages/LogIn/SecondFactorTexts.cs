using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.LogIn;

/// <summary>What the console says of second factors.</summary>
internal static class SecondFactorTexts
{
    public static readonly LocalText Title = new("两步验证", "Second step");
    public static readonly LocalText CodeAbout = new("密码正确。请输入身份验证器应用里的验证码。",
        "The password is right. Enter the code that your authenticator app shows.");
    public static readonly LocalText Code = new("验证码", "Code");
    public static readonly LocalText CodeHelp = new("6 位数字；手机不在身边时，输入一个恢复码。",
        "Six digits; without your phone, one of your recovery codes.");
    public static readonly LocalText Enter = new("登录", "Log in");
    public static readonly LocalText Another = new("重新登录", "Log in anew");
    public static readonly LocalText SetUp = new("设置两步验证", "Set up the second factor");
    public static readonly LocalText Required = new("管理员要求使用两步验证。", "An administrator requires a second factor.");
    public static readonly LocalText SetUpAbout = new("用身份验证器应用扫描二维码，或手动输入密钥，再输入应用显示的验证码。",
        "Scan the code with an authenticator app, or enter the secret by hand; then enter the code that the app shows.");
    public static readonly LocalText SetUpHelp = new("应用显示的 6 位数字。", "The six digits that the app shows.");
    public static readonly LocalText Picture = new("供身份验证器应用扫描的二维码", "QR code for an authenticator app");
    public static readonly LocalText Secret = new("密钥", "Secret");
    public static readonly LocalText Confirm = new("确认", "Confirm");
    public static readonly LocalText Recovery = new("恢复码", "Recovery codes");
    public static readonly LocalText RecoveryAbout = new("手机丢失时，每个恢复码可以代替验证码使用一次。请现在保存：之后不再显示。",
        "Without your phone each of these stands in for a code, once. Keep them now: they are not shown again.");
    public static readonly LocalText Kept = new("我已保存，继续", "I have kept them; go on");

    // On the profile page.
    public static readonly LocalText Section = new("两步验证", "Second factor");
    public static readonly LocalText None = new("登录时只需要密码。设置后，登录还需要手机应用里的验证码。",
        "The password alone logs you in. With a second factor a code of an app on your phone is needed too.");
    public static readonly LocalText Since = new("启用于", "Set up");
    public static readonly LocalText Left = new("剩余恢复码", "Recovery codes left");
    public static readonly LocalText Renew = new("重新生成恢复码", "Make new recovery codes");
    public static readonly LocalText RenewQuestion = new("以前的恢复码会立即失效。", "The recovery codes of before are worth nothing then.");
    public static readonly LocalText Remove = new("关闭两步验证", "Turn the second factor off");
    public static readonly LocalText RemoveQuestion = new("关闭后，登录只需要密码。", "The password alone then logs you in.");
    public static readonly LocalText On = new("两步验证已启用", "The second factor is on");
    public static readonly LocalText Removed = new("两步验证已关闭", "The second factor is off");
    public static readonly LocalText Wrong = new("验证码不正确，请输入应用当前显示的数字", "The code is wrong; enter the one that the app shows now");

    private static readonly LocalText Refused = new("验证码不正确或已经用过。连续 5 次输错后账号会锁定 15 分钟。",
        "The code is wrong, or was used before. After five failures in a row the account is locked for 15 minutes.");

    private static readonly LocalText TooMany = new("尝试过于频繁，请 5 分钟后再试。", "Too many attempts. Try again in 5 minutes.");
    private static readonly LocalText Expired = new("登录已超时，请重新登录。", "This log-in took too long. Begin anew.");

    public static LocalText Of(string problem) => problem switch
    {
        "too_many" => TooMany,
        "expired" => Expired,
        _ => Refused,
    };
}

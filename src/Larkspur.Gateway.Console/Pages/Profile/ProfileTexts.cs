using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Profile;

/// <summary>What the page of one's own account says.</summary>
internal static class ProfileTexts
{
    public static readonly LocalText Sessions = new("已登录的浏览器", "Where you are logged in");
    public static readonly LocalText SessionsAbout = new("不认识的浏览器请立即退出，并修改密码。", "End what you do not know, and change the password.");
    public static readonly LocalText Browser = new("浏览器", "Browser");
    public static readonly LocalText Address = new("来源地址", "From");
    public static readonly LocalText Began = new("登录于", "Logged in");
    public static readonly LocalText Seen = new("最近使用", "Last used");
    public static readonly LocalText This = new("当前浏览器", "this one");
    public static readonly LocalText Unknown = new("未知浏览器", "Unknown browser");
    public static readonly LocalText End = new("退出", "Log out");
    public static readonly LocalText Ended = new("已退出该浏览器", "Logged out there");
    public static readonly LocalText Everywhere = new("全部退出登录", "Log out everywhere");
    public static readonly LocalText EverywhereQuestion = new("所有浏览器都会退出登录，包括当前这个。", "Every browser is logged out, this one too.");
}

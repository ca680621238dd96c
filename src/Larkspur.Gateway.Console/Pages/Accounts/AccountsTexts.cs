using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Accounts;

/// <summary>What the accounts page says.</summary>
internal static class AccountsTexts
{
    public static readonly LocalText Title = new("账号", "Accounts");
    public static readonly LocalText About = new("审计员只能查看；操作员可以重放和发送；管理员可以修改设置和账号。", "Auditors read; operators replay and send; administrators change settings and accounts.");
    public static readonly LocalText Add = new("添加账号", "Add an account");
    public static readonly LocalText Name = new("账号", "Account");
    public static readonly LocalText DisplayName = new("显示名称", "Display name");
    public static readonly LocalText RoleName = new("角色", "Role");
    public static readonly LocalText Password = new("密码", "Password");
    public static readonly LocalText PasswordHelp = new("至少 12 个字符；请本人登录后修改。", "At least 12 characters; ask the person to change it.");
    public static readonly LocalText Create = new("创建", "Create");
    public static readonly LocalText Created = new("账号已创建", "Account created");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Active = new("正常", "Active");
    public static readonly LocalText Locked = new("已锁定", "Locked");
    public static readonly LocalText Disabled = new("已停用", "Disabled");
    public static readonly LocalText LastLogIn = new("最近登录", "Last log-in");
    public static readonly LocalText Unlock = new("解除锁定", "Unlock");
    public static readonly LocalText SetPassword = new("重设密码", "Set password");
    public static readonly LocalText Disable = new("停用", "Disable");
    public static readonly LocalText Enable = new("启用", "Enable");
    public static readonly LocalText Done = new("已完成", "Done");

    public static readonly LocalText Factor = new("两步验证", "Second factor");
    public static readonly LocalText FactorOn = new("已启用", "On");
    public static readonly LocalText FactorOff = new("未启用", "Off");
    public static readonly LocalText Reset = new("重置两步验证", "Reset second factor");
    public static readonly LocalText LogOut = new("强制退出", "Log out everywhere");

    public static LocalText ResetQuestion(string name) => new($"清除 {name} 的两步验证？此人会立即退出登录，之后只需密码登录。请先核实对方身份。",
        $"Take {name}'s second factor away? The person is logged out at once, and the password alone then logs in. Make sure first that it is the person who asks.");

    public static LocalText LogOutQuestion(string name) => new($"{name} 的所有浏览器会立即退出登录。", $"Every browser of {name} is logged out at once.");

    public static LocalText DisableQuestion(string name) => new($"停用 {name}？此人会立即退出登录。", $"Disable {name}? The person is logged out at once.");
}

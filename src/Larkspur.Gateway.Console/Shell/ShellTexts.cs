using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Words that several pages use.</summary>
internal static class ShellTexts
{
    public static readonly LocalText Cancel = new("取消", "Cancel");
    public static readonly LocalText Close = new("关闭", "Close");

    public static LocalText Of(Role role) => role switch
    {
        Role.Admin => new("管理员", "Administrator"),
        Role.Operator => new("操作员", "Operator"),
        _ => new("审计员（只读）", "Auditor (read only)"),
    };
}

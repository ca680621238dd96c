using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>The console was set up: as long as it has no account, whoever reads the set-up code in the data folder can make the first.</summary>
/// <remarks>Weak passwords need no check: none is taken, the one of <c>LARKSPUR_ADMIN_PASSWORD</c> included.</remarks>
internal sealed class ConsoleAccountsCheck(AccountStore accounts) : IDoctorCheck
{
    public string Id => "console_accounts";

    public LocalText Title => new("控制台账号", "Console accounts");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var all = await accounts.ListAsync(cancellation);
        if (all.Count == 0)
        {
            return CheckResult.Warning(new("控制台还没有账号", "The console has no account yet"),
                new("打开 /console/setup，输入数据目录中 setup-code 文件里的设置码；或设置 LARKSPUR_ADMIN_PASSWORD 后重启", "Open /console/setup and enter the code of the file setup-code in the data folder, or set LARKSPUR_ADMIN_PASSWORD and start again"));
        }

        var administrators = all.Count(a => a is { Role: Role.Admin, Disabled: false });
        return CheckResult.Ok($"{all.Count} 个账号，其中 {administrators} 个管理员可用", $"{administrators} of {all.Count} can log in as an administrator");
    }
}

using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>The console was set up: as long as it has no account, whoever reads the set-up code in the data folder can make the first.</summary>
/// <remarks>Weak passwords need no check: none is taken, the one of <c>LARKSPUR_ADMIN_PASSWORD</c> included.</remarks>
internal sealed class ConsoleAccountsCheck(AccountStore accounts) : IDoctorCheck
{
    public string Id => "console_accounts";

    public LocalText Title => AccountTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var all = await accounts.ListAsync(cancellation);
        if (all.Count == 0)
        {
            return CheckResult.Warning(AccountTexts.NoAccountYet,
                AccountTexts.NoAccountYetFix);
        }

        if (all.Find(a => a is { Disabled: false, PersonLeftAt: not null }) is { } left)
            return CheckResult.Warning(AccountTexts.LastAdministratorLeft(left.Name), AccountTexts.LastAdministratorLeftFix);
        var administrators = all.Count(a => a is { Role: Role.Admin, Disabled: false });
        return CheckResult.Ok(AccountTexts.AdministratorsCan(administrators, all.Count));
    }
}

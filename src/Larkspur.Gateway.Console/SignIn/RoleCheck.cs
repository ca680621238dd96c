using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>Whoever is inside by a rule is out soon after the rule is gone. Departments and groups are those that were told when they
/// signed in; who leaves the company is out at once.</summary>
internal sealed class RoleCheck(SignedInAccounts accounts) : IScheduledJob
{
    public const string Name = "console-roles";
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var changed = await accounts.CheckAsync(cancellation);
        return changed == 0 ? null : $"{changed} sessions or roles of people who had signed in changed";
    }
}

using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>At the start, while there is no account: makes <c>admin</c> with the password of the environment, or a code for the first-run wizard.</summary>
internal sealed partial class FirstAccount(ConsoleSettings settings, AccountStore accounts, SetupCodes codes,
    ILogger<FirstAccount> logger) : IHostedService
{
    public const string Name = "admin";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await accounts.IsEmptyAsync(cancellationToken))
        {
            codes.Forget();
            return;
        }

        if (settings.AdminPassword is { } password)
        {
            try
            {
                if (await accounts.CreateFirstAsync(Actor.System, Name, null, password, _ => ValueTask.FromResult(true), cancellationToken) is not null)
                    AccountMade(Name);
            }
            catch (AccountRefusedException e) when (e.Word == "taken")
            {
                // Of two processes that start together on PostgreSQL both see no account; the slower one's row meets the faster one's.
                AccountMadeElsewhere(Name);
            }

            codes.Forget();
            return;
        }

        await codes.OfferAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "The console's account {Account} was made with the password of LARKSPUR_ADMIN_PASSWORD")]
    private partial void AccountMade(string account);
    [LoggerMessage(LogLevel.Information, "Another process has made the console's account {Account}")]
    private partial void AccountMadeElsewhere(string account);
}

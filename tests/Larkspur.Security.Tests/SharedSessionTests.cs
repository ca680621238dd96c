using System.Net;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Tests.Console;

namespace Larkspur.Security.Tests;

/// <summary>Two gateways on one PostgreSQL: what ends or is proved in one counts in the other.</summary>
public sealed class SharedSessionTests : IAsyncLifetime
{
    private ConsoleStand _first = null!;
    private ConsoleStand _second = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?> { ["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };
        _first = await ConsoleStand.StartAsync(settings);
        _second = await ConsoleStand.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task A_session_that_is_ended_or_demoted_in_one_process_loses_its_rights_in_the_other_within_seconds()
    {
        await _first.Accounts.CreateAsync(Actor.System, "ada", null, Role.Admin, ConsoleStand.OperatorsPassword,
            TestContext.Current.CancellationToken);
        var (here, there) = (_first.Browser(), _second.Browser());
        await here.LogInAsync(ConsoleStand.OperatorsPassword, "ada");
        there.Cookies.Add(_second.Gateway.Address, new Cookie("larkspur-console", _first.Cookie(here, "larkspur-console")));
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(there, "/console/accounts"));
        await _first.Accounts.SetRoleAsync(Actor.System, "ada", Role.Operator, TestContext.Current.CancellationToken);
        await UntilAsync(HttpStatusCode.Forbidden);
        await _first.Of<SessionRevocations>().AllAsync(Actor.System, "ada", TestContext.Current.CancellationToken);
        await UntilAsync(HttpStatusCode.Redirect);

        async Task UntilAsync(HttpStatusCode status)
        {
            // What another process remembers of a session is two seconds old at most.
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await ConsoleStand.StatusAsync(there, "/console/accounts") != status) await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    [Fact]
    public async Task A_proof_in_one_process_counts_in_the_other_and_a_code_that_was_used_in_one_is_used_up_in_the_other()
    {
        var (secret, _) = await _first.SetUpFactorAsync();
        _second.Clock.Shift(TimeSpan.FromMinutes(1));
        var here = _first.Browser();
        await here.LogInAsync();
        var code = _first.Code(secret);
        Assert.Equal("/console", await ConsoleStand.CodeAsync(here, code));
        var there = _second.Browser();
        await there.LogInAsync();
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(there, code), StringComparison.Ordinal);
        var id = (await _first.SessionAsync(here))!.Id;
        var seen = await _second.Of<Sessions>().FindAsync(id, TestContext.Current.CancellationToken);
        Assert.True(_second.Of<SessionProof>().Holds(seen!));
    }
}

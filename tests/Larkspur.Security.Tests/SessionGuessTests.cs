using System.Net;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Tests.Console;

namespace Larkspur.Security.Tests;

/// <summary>A stolen session is no place to guess the password in, and does not make keys or accounts for long.</summary>
public sealed class SessionGuessTests
{
    private const string NewPassword = "wide-lantern-harbour-31";

    [Fact]
    public async Task Eleven_wrong_current_passwords_end_the_session_at_the_fifth_and_lock_the_account_for_log_ins()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var thief = stand.Browser();
        await thief.LogInAsync();
        var session = (await stand.SessionAsync(thief))!;
        var who = Actor.Console("admin", null);
        for (var i = 0; i < 4; i++) await GuessAsync("wrong password " + i);
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(thief));
        await GuessAsync("wrong password 4");
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(thief));
        for (var i = 5; i < 11; i++) await GuessAsync("wrong password " + i);
        // The right one comes too late, for a circuit that still has the session in its hands.
        await GuessAsync(ConsoleBrowser.Password);
        Assert.Contains("problem=refused", await stand.Browser().LogInAsync(), StringComparison.Ordinal);
        stand.Clock.Shift(TimeSpan.FromMinutes(16));
        Assert.Equal("/console", await stand.Browser().LogInAsync());

        Task GuessAsync(string current) => Assert.ThrowsAsync<AccountRefusedException>(
            () => stand.Accounts.ChangeOwnPasswordAsync(who, session, current, NewPassword, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Guesses_at_the_same_time_are_no_more_than_one_after_another()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var thief = stand.Browser();
        await thief.LogInAsync();
        var session = (await stand.SessionAsync(thief))!;
        var guesses = Enumerable.Range(0, 8).Select(i => Assert.ThrowsAsync<AccountRefusedException>(
            () => stand.Of<SessionProof>().ConfirmAsync(Actor.Console("admin", null), session, "wrong password " + i, null,
                TestContext.Current.CancellationToken)));
        await Task.WhenAll(guesses);
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(thief));
        var lines = await stand.Of<AuditTrail>().ReadAsync(new AuditFilter { What = "account.locked" }, null, 10,
            TestContext.Current.CancellationToken);
        Assert.Single(lines);
    }

    [Fact]
    public async Task Whoever_locks_an_account_from_outside_does_not_keep_its_owner_from_proving_within_a_session()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (owner, guesser) = (stand.Browser(), stand.Browser());
        await owner.LogInAsync();
        for (var i = 0; i < 5; i++) await guesser.LogInAsync("wrong password " + i);
        var session = (await stand.SessionAsync(owner))!;
        await stand.Of<SessionProof>().ConfirmAsync(Actor.Console("admin", null), session, ConsoleBrowser.Password, null,
            TestContext.Current.CancellationToken);
        // And lifts no lock by it.
        Assert.Contains("problem=refused", await guesser.LogInAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(owner));
    }

    [Fact]
    public async Task A_proof_counts_for_ten_minutes_in_this_session_only_and_needs_the_second_factor_where_there_is_one()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (first, second) = (stand.Browser(), stand.Browser());
        await first.LogInAsync();
        await second.LogInAsync();
        var proof = stand.Of<SessionProof>();
        Assert.True(proof.Holds((await stand.SessionAsync(first))!));
        stand.Clock.Shift(TimeSpan.FromMinutes(10));
        Assert.False(proof.Holds((await stand.SessionAsync(first))!));
        var who = Actor.Console("admin", null);
        await proof.ConfirmAsync(who, (await stand.SessionAsync(first))!, ConsoleBrowser.Password, null,
            TestContext.Current.CancellationToken);
        Assert.True(proof.Holds((await stand.SessionAsync(first))!));
        Assert.False(proof.Holds((await stand.SessionAsync(second))!));

        var (secret, _) = await stand.SetUpFactorAsync();
        stand.Clock.Shift(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<AccountRefusedException>(
            async () => await proof.ConfirmAsync(who, (await stand.SessionAsync(first))!, ConsoleBrowser.Password, null,
                TestContext.Current.CancellationToken));
        Assert.False(proof.Holds((await stand.SessionAsync(first))!));
        await proof.ConfirmAsync(who, (await stand.SessionAsync(first))!, ConsoleBrowser.Password, stand.Code(secret),
            TestContext.Current.CancellationToken);
        Assert.True(proof.Holds((await stand.SessionAsync(first))!));
    }

    [Fact]
    public async Task Who_is_logged_out_everywhere_is_out_in_every_browser_and_every_log_in_under_way()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var (first, second, halfway) = (stand.Browser(), stand.Browser(), stand.Browser());
        await first.LogInAsync();
        await ConsoleStand.CodeAsync(first, stand.Code(secret));
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        await second.LogInAsync();
        await ConsoleStand.CodeAsync(second, stand.Code(secret));
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        await halfway.LogInAsync();
        var open = await stand.Of<Sessions>().OfAccountAsync("admin", TestContext.Current.CancellationToken);
        Assert.Equal(2, open.Count);
        var own = (await stand.SessionAsync(first))!.Id;
        await stand.Of<SessionRevocations>().OneAsync(Actor.Console("admin", null), "admin", open.Single(s => s.Id != own).Id,
            TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect),
            (await ConsoleStand.StatusAsync(first), await ConsoleStand.StatusAsync(second)));
        await stand.Of<SessionRevocations>().AllAsync(Actor.Console("boss", null), "admin", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(first));
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(halfway, stand.Code(secret)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_session_is_not_ended_by_its_id()
    {
        await using var stand = await ConsoleStand.StartAsync();
        await stand.Accounts.CreateAsync(Actor.System, "olga", null, Role.Operator, ConsoleStand.OperatorsPassword,
            TestContext.Current.CancellationToken);
        var admin = stand.Browser();
        await admin.LogInAsync();
        await stand.Of<SessionRevocations>().OneAsync(Actor.Console("olga", null), "olga", (await stand.SessionAsync(admin))!.Id,
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(admin));
    }

    [Fact]
    public async Task A_role_that_falls_counts_for_the_next_request()
    {
        await using var stand = await ConsoleStand.StartAsync();
        await stand.Accounts.CreateAsync(Actor.System, "ada", null, Role.Admin, ConsoleStand.OperatorsPassword,
            TestContext.Current.CancellationToken);
        var browser = stand.Browser();
        await browser.LogInAsync(ConsoleStand.OperatorsPassword, "ada");
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(browser, "/console/accounts"));
        await stand.Accounts.SetRoleAsync(Actor.System, "ada", Role.Operator, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, await ConsoleStand.StatusAsync(browser, "/console/accounts"));
        Assert.Equal(HttpStatusCode.Forbidden, await ConsoleStand.StatusAsync(browser, "/console/api-keys"));
    }
}

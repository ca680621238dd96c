using System.Net;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Console;

namespace Larkspur.Security.Tests;

/// <summary>Whoever has the password of an account with a second factor and not its phone reaches nothing.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SecondFactorTests
{
    private const string PendingName = "larkspur-console-step";

    [Fact]
    public async Task The_password_alone_opens_nothing_and_neither_does_what_the_browser_got_for_it()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var owner = stand.Browser();
        Assert.Equal("/console/login/code", await owner.LogInAsync());
        Assert.Null(stand.Cookie(owner, "larkspur-console"));
        var stolen = stand.Cookie(owner, PendingName)!;

        // Under its own name and as a session's, with the page that it opens and everything behind it.
        foreach (var name in (string[])[PendingName, "larkspur-console", "larkspur-browser"])
        {
            var thief = stand.Browser();
            thief.Cookies.Add(stand.Gateway.Address, new Cookie(name, stolen));
            foreach (var path in (string[])["/console", "/console/profile", "/console/api-keys", "/console/accounts", "/console/settings"])
                Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(thief, path));
            using var circuit = await thief.PostAsync("/_blazor/negotiate?negotiateVersion=1");
            Assert.Equal(HttpStatusCode.Unauthorized, circuit.StatusCode);
            // Nor does it set up another factor, or finish a set-up that was not.
            using var other = await thief.SubmitAsync("/console/login", "/console/forms/second-factor", ("code", stand.Code(secret)));
            Assert.DoesNotContain("larkspur-console=", string.Join(' ', other.Headers.TryGetValues("Set-Cookie", out var set) ? set : []),
                StringComparison.Ordinal);
        }

        Assert.Equal("/console", await ConsoleStand.CodeAsync(owner, stand.Code(secret)));
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(owner));

        // Used up with the log-in.
        var late = stand.Browser();
        late.Cookies.Add(stand.Gateway.Address, new Cookie(PendingName, stolen));
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(late, stand.Code(secret)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var (owner, watcher) = (stand.Browser(), stand.Browser());
        await owner.LogInAsync();
        await watcher.LogInAsync();
        var code = stand.Code(secret);
        Assert.Equal("/console", await ConsoleStand.CodeAsync(owner, code));
        // Read over the shoulder, and entered while it still shows.
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(watcher, code), StringComparison.Ordinal);
        // The one before it is not good either.
        Assert.Contains("problem=refused",
            await ConsoleStand.CodeAsync(watcher, TotpCodes.At(secret, stand.Clock.GetUtcNow().AddSeconds(-30))), StringComparison.Ordinal);
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        Assert.Equal("/console", await ConsoleStand.CodeAsync(watcher, stand.Code(secret)));
    }

    [Fact]
    public async Task Of_two_who_enter_one_code_at_the_same_time_one_gets_in()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var browsers = Enumerable.Range(0, 4).Select(_ => stand.Browser()).ToArray();
        foreach (var browser in browsers) await browser.LogInAsync();
        var code = stand.Code(secret);
        var ways = await Task.WhenAll(browsers.Select(b => ConsoleStand.CodeAsync(b, code)));
        Assert.Single(ways, "/console");
    }

    [Fact]
    public async Task Five_guesses_of_a_code_lock_it_and_the_password_does_not_begin_the_count_anew()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var guesser = stand.Browser();
        await guesser.LogInAsync();
        for (var i = 0; i < 3; i++) Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(guesser, Wrong(stand, secret, i)),
            StringComparison.Ordinal);
        await guesser.LogInAsync();
        for (var i = 3; i < 5; i++) Assert.Contains("problem=", await ConsoleStand.CodeAsync(guesser, Wrong(stand, secret, i)),
            StringComparison.Ordinal);

        // Locked: the right code is refused too, with a log-in of one's own.
        var owner = stand.Browser();
        Assert.Equal("/console/login/code", await owner.LogInAsync());
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(owner, stand.Code(secret)), StringComparison.Ordinal);
        stand.Clock.Shift(TimeSpan.FromMinutes(16));
        var later = stand.Browser();
        await later.LogInAsync();
        Assert.Equal("/console", await ConsoleStand.CodeAsync(later, stand.Code(secret)));
        var audit = await stand.Of<AuditTrail>().ReadAsync(new AuditFilter { What = "account.locked" }, null, 10,
            TestContext.Current.CancellationToken);
        Assert.Single(audit);
    }

    [Fact]
    public async Task A_recovery_code_is_good_once_and_those_of_before_are_worth_nothing()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (_, recovery) = await stand.SetUpFactorAsync();
        Assert.Equal(10, recovery.Count);
        var (owner, thief) = (stand.Browser(), stand.Browser());
        await owner.LogInAsync();
        Assert.Equal("/console", await ConsoleStand.CodeAsync(owner, recovery[0].ToLowerInvariant()));
        await thief.LogInAsync();
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(thief, recovery[0]), StringComparison.Ordinal);
        var renewed = await stand.Of<SecondFactors>().RenewCodesAsync(Actor.System, "admin", TestContext.Current.CancellationToken);
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(thief, recovery[1]), StringComparison.Ordinal);
        Assert.Equal("/console", await ConsoleStand.CodeAsync(thief, renewed[1]));
        Assert.Equal(9, await stand.Of<SecondFactors>().CodesLeftAsync("admin", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_has_to_have_a_second_factor_gets_no_further_before_it_is_set_up()
    {
        await using var stand = await ConsoleStand.StartAsync();
        await stand.Accounts.CreateAsync(Actor.System, "olga", null, Role.Operator, ConsoleStand.OperatorsPassword,
            TestContext.Current.CancellationToken);
        await stand.SetAsync(SecondFactorPolicy.Setting, "admins");
        Assert.Equal("/console", await stand.Browser().LogInAsync(ConsoleStand.OperatorsPassword, "olga"));

        var admin = stand.Browser();
        Assert.Equal("/console/login/second-factor", await admin.LogInAsync());
        Assert.Null(stand.Cookie(admin, "larkspur-console"));
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(admin));
        // Neither by the other step, nor by saying that it was done.
        Assert.Contains("problem=refused", await ConsoleStand.CodeAsync(admin, "000000"), StringComparison.Ordinal);
        var page = await ConsoleStand.TextAsync(admin, "/console/login/second-factor");
        var secret = ConsoleStand.SecretIn(page);
        Assert.Contains("data:image/svg", page, StringComparison.Ordinal);
        Assert.Contains("problem=refused", await StepAsync(admin, ("code", "")), StringComparison.Ordinal);
        Assert.Equal("/console/login/second-factor", await StepAsync(admin, ("code", stand.Code(secret))));
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(admin));

        // The recovery codes are shown, the secret is not any more; then the session begins, once.
        page = await ConsoleStand.TextAsync(admin, "/console/login/second-factor");
        Assert.DoesNotContain("data-totp", page, StringComparison.Ordinal);
        Assert.Equal("/console", await StepAsync(admin));
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(admin));
        Assert.Contains("/console/login", await StepAsync(admin), StringComparison.Ordinal);

        await stand.SetAsync(SecondFactorPolicy.Setting, "all");
        Assert.Equal("/console/login/second-factor", await stand.Browser().LogInAsync(ConsoleStand.OperatorsPassword, "olga"));
        Assert.Equal("/console/login/code", await stand.Browser().LogInAsync());

        static async Task<string> StepAsync(ConsoleBrowser browser, params (string, string)[] fields)
        {
            using var response = await browser.SubmitAsync("/console/login", "/console/forms/second-factor", fields);
            return response.Headers.Location!.ToString();
        }
    }

    [Fact]
    public async Task A_log_in_under_way_ends_after_ten_minutes_and_with_a_new_password()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, _) = await stand.SetUpFactorAsync();
        var slow = stand.Browser();
        await slow.LogInAsync();
        stand.Clock.Shift(TimeSpan.FromMinutes(11));
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(slow, stand.Code(secret)), StringComparison.Ordinal);
        await slow.LogInAsync();
        await stand.Accounts.SetPasswordAsync(Actor.System, "admin", ConsoleStand.OperatorsPassword,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(slow, stand.Code(secret)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_under_way_ends_with_the_account_disabled_a_new_password_and_the_factor_removed()
    {
        await using var stand = await ConsoleStand.StartAsync();
        await stand.Accounts.CreateAsync(Actor.System, "boss", null, Role.Admin, ConsoleStand.OperatorsPassword,
            TestContext.Current.CancellationToken);
        var (secret, _) = await stand.SetUpFactorAsync();
        var thief = stand.Browser();
        Assert.Equal("/console/login/code", await thief.LogInAsync());
        await stand.Accounts.SetDisabledAsync(Actor.System, "admin", true, TestContext.Current.CancellationToken);
        await NoneIsLeftAsync();
        // Enabled again within the ten minutes.
        await stand.Accounts.SetDisabledAsync(Actor.System, "admin", false, TestContext.Current.CancellationToken);
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(thief, stand.Code(secret)), StringComparison.Ordinal);

        await thief.LogInAsync();
        await stand.Of<SecondFactors>().RemoveOwnAsync(Actor.System, (await stand.Accounts.FindAsync("admin",
            TestContext.Current.CancellationToken))!, TestContext.Current.CancellationToken);
        await NoneIsLeftAsync();
        // Another factor does not let the old log-in go on.
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        (secret, _) = await stand.SetUpFactorAsync();
        Assert.Contains("problem=expired", await ConsoleStand.CodeAsync(thief, stand.Code(secret)), StringComparison.Ordinal);

        await thief.LogInAsync();
        await stand.Accounts.SetPasswordAsync(Actor.System, "admin", ConsoleStand.OperatorsPassword,
            cancellation: TestContext.Current.CancellationToken);
        await NoneIsLeftAsync();

        async Task NoneIsLeftAsync() => Assert.Equal(0, await stand.Of<IDatabase>().ReadAsync(
            sql => sql.NumberAsync("SELECT COUNT(*) FROM console_log_in"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reset_by_an_administrator_ends_the_sessions_and_is_in_the_audit_log()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, recovery) = await stand.SetUpFactorAsync();
        var owner = stand.Browser();
        await owner.LogInAsync();
        await ConsoleStand.CodeAsync(owner, stand.Code(secret));
        await stand.Of<SecondFactors>().ResetAsync(Actor.Console("boss", null), "admin", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, await ConsoleStand.StatusAsync(owner));
        Assert.Equal("/console", await stand.Browser().LogInAsync());
        var line = Assert.Single(await stand.Of<AuditTrail>().ReadAsync(new AuditFilter { What = "account.second_factor_reset" }, null, 10,
            TestContext.Current.CancellationToken));
        Assert.Equal(("console:boss", "admin"), (line.Who, line.Subject));
        Assert.Equal(0, await stand.Of<SecondFactors>().CodesLeftAsync("admin", TestContext.Current.CancellationToken));
        Assert.NotEmpty(recovery);
    }

    [Fact]
    public async Task Neither_secrets_nor_recovery_codes_are_stored_as_they_are()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (secret, recovery) = await stand.SetUpFactorAsync();
        var rows = await stand.Of<Larkspur.Gateway.Storage.IDatabase>().ReadAsync(async sql => string.Join('\n', [
            .. await sql.QueryAsync("SELECT totp FROM console_account WHERE totp IS NOT NULL", row => row.GetString(0)),
            .. await sql.QueryAsync("SELECT hash FROM console_recovery_code", row => row.GetString(0))]),
                TestContext.Current.CancellationToken);
        Assert.DoesNotContain(secret, rows, StringComparison.OrdinalIgnoreCase);
        foreach (var code in recovery)
        {
            Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), rows, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(code, stand.Gateway.Logs.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>RFC 6238, appendix B: SHA-1, of whose eight digits the last six are ours.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        const string secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, TotpCodes.At(secret, at));
        Assert.Equal(seconds / 30, TotpCodes.StepOf(secret, code, at));
        Assert.Equal(seconds / 30, TotpCodes.StepOf(secret, $" {code[..3]} {code[3..]} ", at.AddSeconds(30)));
        Assert.Equal(seconds / 30, TotpCodes.StepOf(secret, code, at.AddSeconds(-30)));
        Assert.Null(TotpCodes.StepOf(secret, code, at.AddSeconds(61)));
        Assert.Null(TotpCodes.StepOf(secret, code + "0", at));
        Assert.Null(TotpCodes.StepOf(secret, "", at));
    }

    /// <summary>A code that no step of now has.</summary>
    private static string Wrong(ConsoleStand stand, string secret, int number)
    {
        var good = Enumerable.Range(-3, 8).Select(step => TotpCodes.At(secret, stand.Clock.GetUtcNow().AddSeconds(30 * step))).ToHashSet();
        return Enumerable.Range(0, 1000).Select(n => n.ToString("D6",
            System.Globalization.CultureInfo.InvariantCulture)).Where(c => !good.Contains(c)).ElementAt(number);
    }
}

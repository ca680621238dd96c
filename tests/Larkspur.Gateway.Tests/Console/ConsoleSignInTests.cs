using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Console.SignIn;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Console;

/// <summary>People get into the console with an account of the company.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ConsoleSignInTests : IAsyncLifetime
{
    private static readonly Actor Admin = Actor.Console("admin", null);
    private ThreePlatforms _gateway = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await ThreePlatforms.StartAsync(("LARKSPUR_ADMIN_PASSWORD", ConsoleBrowser.Password));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task Whom_no_rule_names_is_told_so_and_stays_outside()
    {
        using var bob = Browser();
        var page = await SignInAsync(bob, "feishu", "bob");
        Assert.True(page.Status == 403 && page.Says("no role in the console"), page.ToString());
        Assert.DoesNotContain(page.Cookies, c => c.StartsWith("larkspur-console", StringComparison.Ordinal));
        Assert.Equal("/console/login", (await bob.GetAsync("/console")).Location!.AbsolutePath);
    }

    [Fact]
    public async Task A_person_a_department_and_nothing_else_give_a_role_and_the_highest_counts()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        var person = await PersonAsync("feishu");
        await Rules.AddAsync(Admin, RoleRuleKinds.Person, "", person, "Alice", Role.Operator, Cancel);
        var page = await alice.GetAsync("/console/sign-in?back=%2Fconsole%2Fpeople");
        Assert.True(page.Status == 200, page.ToString());
        Assert.Contains(page.Cookies, c => c.StartsWith("larkspur-console=", StringComparison.Ordinal)
            && c.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("href=\"/console/people\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await alice.GetAsync("/console/people")).Status);
        // An operator: accounts are for administrators.
        Assert.Equal(403, (await alice.GetAsync("/console/accounts")).Status);
        var account = Assert.Single(await Accounts.ListAsync(Cancel), a => a.Person == person);
        Assert.True(account is { ByRule: true, Role: Role.Operator });

        var departments = (await _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.People.SignIn.Sessions.SignInSessions>()
            .ContextAsync((await SessionAsync(person)).Sid, Cancel))!.Departments!;
        await Rules.AddAsync(Admin, RoleRuleKinds.Department, "feishu/default", departments[0], "Sales", Role.Admin, Cancel);
        Assert.Equal(200, (await alice.GetAsync("/console/sign-in")).Status);
        Assert.Equal(200, (await alice.GetAsync("/console/accounts")).Status);
        // The same id on another platform is another department.
        foreach (var rule in await Rules.ListAsync(Cancel)) await Rules.RemoveAsync(Admin, rule.Id, Cancel);
        await Rules.AddAsync(Admin, RoleRuleKinds.Department, "dingtalk/default", departments[0], "Sales", Role.Admin, Cancel);
        Assert.Equal(403, (await alice.GetAsync("/console/sign-in")).Status);
    }

    [Fact]
    public async Task Who_loses_the_rule_is_out_within_a_minute_and_who_is_lowered_may_less()
    {
        using var alice = Browser();
        await InsideAsync(alice, Role.Admin);
        var rule = Assert.Single(await Rules.ListAsync(Cancel));
        await Rules.AddAsync(Admin, rule.Kind, rule.Place, rule.Value, rule.Label, Role.Auditor, Cancel);
        Assert.Equal(1, await Signed.CheckAsync(Cancel));
        Assert.Equal(403, (await alice.GetAsync("/console/accounts")).Status);
        Assert.Equal(0, await Signed.CheckAsync(Cancel));
        await Rules.RemoveAsync(Admin, rule.Id, Cancel);
        Assert.Equal(1, await Signed.CheckAsync(Cancel));
        Assert.Equal("/console/login", (await alice.GetAsync("/console")).Location!.AbsolutePath);
    }

    [Fact]
    public async Task Who_signs_out_or_is_shut_out_is_out_of_the_console_too()
    {
        using var alice = Browser();
        await InsideAsync(alice, Role.Operator);
        await alice.PostAsync("/sign-in/sign-out");
        Assert.Equal("/console/login", (await alice.GetAsync("/console")).Location!.AbsolutePath);
        await alice.SignInAsync("feishu", "alice");
        Assert.Equal(200, (await alice.GetAsync("/console/sign-in")).Status);
        await _gateway.Gateway.PostRestAsync($"/people/{await PersonAsync("feishu")}/disable", new { });
        Assert.Equal("/console/login", (await alice.GetAsync("/console")).Location!.AbsolutePath);
        // The account does not come back with its person.
        await _gateway.Gateway.PostRestAsync($"/people/{await PersonAsync("feishu")}/enable", new { });
        await alice.SignInAsync("feishu", "alice");
        var page = await alice.GetAsync("/console/sign-in");
        Assert.True(page.Status == 403 && page.Says("disabled"), page.ToString());
    }

    [Fact]
    public async Task An_account_that_an_administrator_tied_to_a_person_is_theirs_whatever_the_rules_say()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        var person = await PersonAsync("feishu");
        await Accounts.SetPersonAsync(Admin, "admin", person, Cancel);
        Assert.Equal(200, (await alice.GetAsync("/console/sign-in")).Status);
        Assert.Equal(200, (await alice.GetAsync("/console/accounts")).Status);
        Assert.Single(await Accounts.ListAsync(Cancel));
        // The password is there for the day on which the platform is not.
        using var local = new ConsoleBrowser(_gateway.Gateway);
        Assert.Equal("/console", await local.LogInAsync());
    }

    [Fact]
    public async Task Nobody_logs_in_with_a_password_to_an_account_that_has_none()
    {
        using var alice = Browser();
        await InsideAsync(alice, Role.Operator);
        var account = Assert.Single(await Accounts.ListAsync(Cancel), a => a.ByRule);
        using var local = new ConsoleBrowser(_gateway.Gateway);
        foreach (var password in (string[])["", " ", "password1234"])
            Assert.StartsWith("/console/login?problem=refused", await local.LogInAsync(password, account.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_that_is_required_is_asked_for_after_the_platform()
    {
        Assert.Equal(200, (await _gateway.Gateway.RestAsync(HttpMethod.Patch, "/settings",
            $$"""{"{{SecondFactorPolicy.Setting}}":"all"}""")).Status);
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        await Rules.AddAsync(Admin, RoleRuleKinds.Person, "", await PersonAsync("feishu"), "Alice", Role.Admin, Cancel);
        var page = await alice.GetAsync("/console/sign-in?back=%2Fconsole%2Fpeople");
        Assert.Contains("href=\"/console/login/second-factor?back=%2Fconsole%2Fpeople\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Cookies, c => c.StartsWith("larkspur-console=", StringComparison.Ordinal));
        Assert.Equal("/console/login", (await alice.GetAsync("/console")).Location!.AbsolutePath);
        Assert.Equal(200, (await alice.GetAsync("/console/login/second-factor")).Status);
        // Signing out ends the step too.
        await alice.PostAsync("/sign-in/sign-out");
        Assert.Equal(302, (await alice.GetAsync("/console/login/second-factor")).Status);
    }

    [Fact]
    public async Task An_old_proof_is_asked_for_again_and_a_new_one_counts_for_open_pages()
    {
        using var alice = Browser();
        await InsideAsync(alice, Role.Admin);
        var sessions = _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.Console.LogIn.Sessions>();
        var proof = _gateway.Gateway.Services.GetRequiredService<SessionProof>();
        var account = Assert.Single(await Accounts.ListAsync(Cancel), a => a.ByRule);
        var open = Assert.Single(await sessions.OfAccountAsync(account.Name, Cancel));
        var before = (await sessions.FindAsync(open.Id, Cancel))!.ConfirmedAt;
        await alice.SignInAsync("feishu", "alice", "/console/sign-in?confirm=1", again: true);
        var page = await alice.GetAsync("/console/sign-in?confirm=1");
        Assert.True(page.Status == 200 && page.Says("Was it you?"), page.ToString());
        // A link alone confirms nothing, nor does another site's form.
        Assert.Equal(before, (await sessions.FindAsync(open.Id, Cancel))!.ConfirmedAt);
        Assert.Equal(403, (await alice.PostAsync("/console/sign-in", null, ("Sec-Fetch-Site", "same-site"))).Status);
        page = await alice.PostAsync("/console/sign-in");
        Assert.True(page.Status == 200 && page.Says("Confirmed"), page.ToString());
        var after = (await sessions.FindAsync(open.Id, Cancel))!;
        Assert.True(after.ConfirmedAt > before && proof.Holds(after));
    }

    [Fact]
    public async Task A_group_counts_by_the_provider_that_named_it_and_what_is_not_said_takes_nothing_away()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        var person = await PersonAsync("feishu");
        var sid = (await SessionAsync(person)).Sid;
        await Rules.AddAsync(Admin, RoleRuleKinds.Group, "okta", "admins", "admins", Role.Admin, Cancel);
        await ToldAsync(sid, new("idp", "keycloak", null, ["admins"]));
        Assert.Equal(403, (await alice.GetAsync("/console/sign-in")).Status);
        await ToldAsync(sid, new("idp", "okta", null, ["admins"]));
        Assert.Equal(200, (await alice.GetAsync("/console/sign-in")).Status);
        // Unknown is not none: who is inside stays what they are, and nobody new gets in by it.
        await ToldAsync(sid, new("idp", "okta", null, []) { GroupsAreUnknown = true });
        Assert.Equal(0, await Signed.CheckAsync(Cancel));
        Assert.Equal(200, (await alice.GetAsync("/console/accounts")).Status);
        using var bob = Browser();
        await bob.SignInAsync("dingtalk", "bob");
        await ToldAsync((await SessionAsync(await PersonAsync("dingtalk"))).Sid, new("idp", "okta", null, []) { GroupsAreUnknown = true });
        var page = await bob.GetAsync("/console/sign-in");
        Assert.True(page.Status == 403 && page.Says("did not say your groups"), page.ToString());
        // A provider that comes under the name of one that went is another one.
        await ToldAsync(sid, new("idp", "okta", null, ["admins"]));
        var sessions = _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.People.SignIn.Sessions.SignInSessions>();
        await Database.TransactAsync(async unit =>
        {
            await sessions.EndOfMethodAsync(unit, Admin, "okta");
            return true;
        }, Cancel);
        Assert.Empty(await Rules.ListAsync(Cancel));
        Assert.Equal(1, await Signed.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Nobody_becomes_one_with_somebody_who_has_a_console_account_but_by_an_administrator()
    {
        using var alice = Browser();
        await InsideAsync(alice, Role.Admin);
        var asked = await alice.PostAsync("/sign-in/dingtalk/link");
        var question = await alice.GetAsync(await alice.ChooseAsync(asked.Location!, "carol"));
        var proof = System.Text.RegularExpressions.Regex.Match(question.Text, "name=\"proof\" value=\"([^\"]+)\"").Groups[1].Value;
        Assert.Equal(403, (await alice.PostAsync("/sign-in/link", [new("proof", proof)])).Status);
        using var carol = Browser();
        await carol.SignInAsync("dingtalk", "carol");
        Assert.Equal(403, (await carol.GetAsync("/console/sign-in")).Status);
    }

    [Fact]
    public async Task An_account_that_is_given_to_another_person_is_closed_to_who_came_in_by_it()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        await Accounts.SetPersonAsync(Admin, "admin", await PersonAsync("feishu"), Cancel);
        Assert.Equal(200, (await alice.GetAsync("/console/sign-in")).Status);
        Assert.Equal(200, (await alice.GetAsync("/console/people")).Status);
        using var bob = Browser();
        await bob.SignInAsync("dingtalk", "bob");
        await Accounts.SetPersonAsync(Admin, "admin", await PersonAsync("dingtalk"), Cancel);
        Assert.Equal("/console/login", (await alice.GetAsync("/console/people")).Location!.AbsolutePath);
        Assert.Equal(403, (await alice.GetAsync("/console/sign-in")).Status);
    }

    private Larkspur.Gateway.Storage.IDatabase Database => _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.Storage.IDatabase>();

    private Task ToldAsync(string sid, Larkspur.Gateway.People.SignIn.Sessions.SignInContext told) => Database.TransactAsync(async unit =>
    {
        await told.KeepAsync(unit, sid);
        return true;
    }, Cancel);

    private RoleRules Rules => _gateway.Gateway.Services.GetRequiredService<RoleRules>();

    private SignedInAccounts Signed => _gateway.Gateway.Services.GetRequiredService<SignedInAccounts>();

    private AccountStore Accounts => _gateway.Gateway.Services.GetRequiredService<AccountStore>();

    private SignInBrowser Browser() => new(_gateway.Gateway.Address);

    private static async Task<BrowserPage> SignInAsync(SignInBrowser browser, string method, string person)
    {
        var back = await browser.SignInAsync(method, person, "/console/sign-in");
        return await browser.GetAsync(back.Location!);
    }

    private async Task InsideAsync(SignInBrowser browser, Role role)
    {
        await browser.SignInAsync("feishu", "alice");
        await Rules.AddAsync(Admin, RoleRuleKinds.Person, "", await PersonAsync("feishu"), "Alice", role, Cancel);
        Assert.Equal(200, (await browser.GetAsync("/console/sign-in")).Status);
        Assert.Equal(200, (await browser.GetAsync("/console/people")).Status);
    }

    private async Task<string> PersonAsync(string platform) =>
        Assert.Single((await _gateway.Gateway.GetRestAsync($"/people?platform={platform}")).Items).GetProperty("id").GetString()!;

    private async Task<Larkspur.Gateway.People.SignIn.Sessions.SignInSession> SessionAsync(string person)
    {
        var sessions = _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.People.SignIn.Sessions.SignInSessions>();
        return (await _gateway.Gateway.Services.GetRequiredService<Larkspur.Gateway.Storage.IDatabase>()
            .ReadAsync(sql => sessions.OfPersonAsync(sql, person), Cancel))[0];
    }
}

using System.Net;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Console;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.Directory;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Handover;

/// <summary>A console account ends with its person, but for the last administrator's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LeaverAccountTests
{
    private static readonly Actor Admin = Actor.Console("admin", null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leaver_is_logged_out_and_not_let_in_again()
    {
        await using var directory = await StartAsync();
        var accounts = directory.Gateway.Gateway.Services.GetRequiredService<AccountStore>();
        var carol = await LeaverKeyTests.IdAsync(directory, "carol");
        await accounts.CreateAsync(Admin, "carol", null, Role.Operator, ConsoleBrowser.Password, Cancel);
        await accounts.SetPersonAsync(Admin, "carol", carol, Cancel);
        using var browser = new ConsoleBrowser(directory.Gateway.Gateway);
        Assert.Equal("/console", await browser.LogInAsync(name: "carol"));

        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.Gateway.HoldsAsync(async () =>
        {
            using var page = await browser.GetAsync("/console");
            return page.StatusCode == HttpStatusCode.Redirect;
        }, "the session to end");
        Assert.NotEqual("/console", await browser.LogInAsync(name: "carol"));
        Assert.Equal((true, true), await StateAsync(accounts, "carol"));
        var refused = await Assert.ThrowsAsync<AccountRefusedException>(() => accounts.SetDisabledAsync(Admin, "carol", false, Cancel));
        Assert.Equal("person_left", refused.Word);

        // Who comes back is let in by an administrator, not by the directory.
        await directory.Gateway.Emulator.AdvanceAsync(TimeSpan.FromSeconds(2));
        await directory.ControlAsync(HttpMethod.Patch, "people/carol", new { status = "active", departments = new[] { "finance" } });
        await directory.UntilStateAsync(carol, "active");
        Assert.Equal((true, true), await StateAsync(accounts, "carol"));
        await accounts.SetDisabledAsync(Admin, "carol", false, Cancel);
        Assert.Equal((false, false), await StateAsync(accounts, "carol"));
        Assert.Equal("/console", await browser.LogInAsync(name: "carol"));
    }

    [Fact]
    public async Task The_last_administrator_stays_until_there_is_another()
    {
        await using var directory = await StartAsync();
        var gateway = directory.Gateway.Gateway;
        var accounts = gateway.Services.GetRequiredService<AccountStore>();
        await accounts.SetPersonAsync(Admin, "admin", await LeaverKeyTests.IdAsync(directory, "alice"), Cancel);
        using var browser = new ConsoleBrowser(gateway);
        await browser.LogInAsync();
        await directory.ControlAsync(HttpMethod.Delete, "people/alice");
        await directory.Gateway.HoldsAsync(async () => (await StateAsync(accounts, "admin")).HasLeft, "the account to know it");
        Assert.Equal((false, true), await StateAsync(accounts, "admin"));
        using (var page = await browser.GetAsync("/console")) Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/console", await browser.LogInAsync());
        var check = (await gateway.PostRestAsync("/doctor/run", new { checks = new[] { "console_accounts" } })).Body.GetProperty("checks")[0];
        Assert.Equal("warning", check.GetProperty("status").GetString());

        // Nobody may take the last one's place away before there is another.
        await accounts.CreateAsync(Admin, "bob", null, Role.Admin, ConsoleBrowser.Password, Cancel);
        Assert.Equal((true, true), await StateAsync(accounts, "admin"));
        using (var page = await browser.GetAsync("/console")) Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        await Assert.ThrowsAsync<AccountRefusedException>(() => accounts.SetDisabledAsync(Admin, "bob", true, Cancel));
    }

    [Fact]
    public async Task A_last_administrator_who_comes_back_keeps_the_account()
    {
        await using var directory = await StartAsync();
        var accounts = directory.Gateway.Gateway.Services.GetRequiredService<AccountStore>();
        var alice = await LeaverKeyTests.IdAsync(directory, "alice");
        await accounts.SetPersonAsync(Admin, "admin", alice, Cancel);
        await directory.ControlAsync(HttpMethod.Delete, "people/alice");
        await directory.Gateway.HoldsAsync(async () => (await StateAsync(accounts, "admin")).HasLeft, "the account to know it");
        await directory.Gateway.Emulator.AdvanceAsync(TimeSpan.FromSeconds(2));
        await directory.ControlAsync(HttpMethod.Patch, "people/alice", new { status = "active", departments = new[] { "purchasing" } });
        await directory.UntilStateAsync(alice, "active");
        await accounts.CreateAsync(Admin, "bob", null, Role.Admin, ConsoleBrowser.Password, Cancel);
        Assert.Equal((false, false), await StateAsync(accounts, "admin"));
    }

    [Fact]
    public async Task Of_two_administrators_who_leave_at_once_one_stays()
    {
        await using var directory = await StartAsync();
        var accounts = directory.Gateway.Gateway.Services.GetRequiredService<AccountStore>();
        await accounts.CreateAsync(Admin, "bob", null, Role.Admin, ConsoleBrowser.Password, Cancel);
        await accounts.SetPersonAsync(Admin, "admin", await LeaverKeyTests.IdAsync(directory, "alice"), Cancel);
        await accounts.SetPersonAsync(Admin, "bob", await LeaverKeyTests.IdAsync(directory, "bob"), Cancel);
        await Task.WhenAll(directory.ControlAsync(HttpMethod.Delete, "people/alice"), directory.ControlAsync(HttpMethod.Delete, "people/bob"));
        await directory.Gateway.HoldsAsync(async () => (await StateAsync(accounts, "admin")).HasLeft && (await StateAsync(accounts, "bob")).HasLeft, "both");
        Assert.Single(new[] { await StateAsync(accounts, "admin"), await StateAsync(accounts, "bob") }, s => !s.IsDisabled);
    }

    [Fact]
    public async Task Nobody_who_has_left_is_given_an_account()
    {
        await using var directory = await StartAsync();
        var accounts = directory.Gateway.Gateway.Services.GetRequiredService<AccountStore>();
        var carol = await LeaverKeyTests.IdAsync(directory, "carol");
        await directory.ControlAsync(HttpMethod.Delete, "people/carol");
        await directory.UntilStateAsync(carol, "left");
        Assert.Equal("person_left", (await Assert.ThrowsAsync<AccountRefusedException>(() => accounts.SetPersonAsync(Admin, "admin", carol, Cancel))).Word);
        Assert.Equal("no_such_person", (await Assert.ThrowsAsync<AccountRefusedException>(() => accounts.SetPersonAsync(Admin, "admin", "pe_typo", Cancel))).Word);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<AccountRefusedException>(() => accounts.SetPersonAsync(Admin, "nobody", null, Cancel))).Word);
    }

    private static async Task<DirectoryFixture> StartAsync()
    {
        var directory = await DirectoryFixture.StartAsync(("LARKSPUR_ADMIN_PASSWORD", ConsoleBrowser.Password));
        await directory.CompleteAsync();
        return directory;
    }

    private static async Task<(bool IsDisabled, bool HasLeft)> StateAsync(AccountStore accounts, string name) =>
        await accounts.FindAsync(name, Cancel) is { } account ? (account.Disabled, account.PersonLeftAt is not null) : default;
}

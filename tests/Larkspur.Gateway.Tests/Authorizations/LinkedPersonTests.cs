using System.Text.RegularExpressions;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.SignIn;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>Who writes on another platform is asked for the Feishu account that is theirs, and answered where they wrote.</summary>
[Trait("Database", "PostgreSQL")]
public sealed partial class LinkedPersonTests : IAsyncLifetime
{
    private ThreePlatforms _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await ThreePlatforms.StartAsync(("LARKSPUR_TIME_ZONE", "Asia/Shanghai"));

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("dingtalk", "dingtalk")]
    [InlineData("wecom bot", "wecom")]
    [InlineData("wecom app", "wecom")]
    public async Task Alice_asks_elsewhere_authorises_in_Feishu_and_is_answered_where_she_asked(string platform, string method)
    {
        await _gateway.SayAsync(platform, "/agenda");
        await _gateway.ShowsAsync(platform, "需要飞书账号");
        using var browser = new SignInBrowser(_gateway.Gateway.Address);
        await LinkAsync(browser, method);
        await _gateway.SayAsync(platform, "/agenda");
        await AuthorizationFixture.AllowAsync(browser, await CardAsync(platform), "alice");
        await _gateway.ShowsAsync(platform, "今天没有日程。");
        Assert.DoesNotContain("今天没有日程", await _gateway.SaidAsync("feishu"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_goes_to_nobody_whose_account_is_not_hers_any_more()
    {
        using var browser = new SignInBrowser(_gateway.Gateway.Address);
        await LinkAsync(browser, "dingtalk");
        await _gateway.SayAsync("dingtalk", "/agenda");
        var link = await CardAsync("dingtalk");
        var person = (await _gateway.Gateway.GetRestAsync("/people?platform=dingtalk")).Items.Single();
        var account = person.GetProperty("accounts").EnumerateArray().Single(a => a.GetProperty("platform").GetString() == "dingtalk");
        var apart = await _gateway.Gateway.PostRestAsync($"/people/{person.GetProperty("id").GetString()}/unlink",
            new { account = account.GetProperty("id").GetInt64() });
        Assert.True(apart.Status == 200, apart.ToString());
        await AuthorizationFixture.AllowAsync(browser, link, "alice");
        await _gateway.SayAsync("feishu", "/agenda");
        await _gateway.ShowsAsync("feishu", "Nothing today");
        Assert.DoesNotContain("今天没有日程", await _gateway.SaidAsync("dingtalk"), StringComparison.Ordinal);
        await _gateway.UntilAsync(async () =>
            (await _gateway.RowsAsync("SELECT id FROM user_authorization_resume", r => r.GetString(0))).Count == 0, "the end of what waited");
        Assert.DoesNotContain("今天没有日程", await _gateway.SaidAsync("dingtalk"), StringComparison.Ordinal);
    }

    private static async Task LinkAsync(SignInBrowser browser, string method)
    {
        await browser.SignInAsync("feishu", "alice");
        var sent = await browser.PostAsync($"/sign-in/{method}/link");
        var asks = await browser.GetAsync(await browser.ChooseAsync(sent.Location!, "alice"));
        await browser.PostAsync("/sign-in/link", [new("proof", Proof().Match(asks.Text).Groups[1].Value)]);
    }

    private async Task<string> CardAsync(string platform)
    {
        string? link = null;
        await _gateway.UntilAsync(async () => (link = Link().Match(await _gateway.SaidAsync(platform)) is { Success: true } found
            ? found.Value : null) is not null, "the link");
        return link!;
    }

    [GeneratedRegex("name=\"proof\" value=\"([^\"]+)\"")]
    private static partial Regex Proof();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/authorizations/au_[0-9a-f]{32}")]
    private static partial Regex Link();
}

using System.Text.RegularExpressions;
using Larkspur.Gateway.Tests.Commands;
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
        await browser.SignInAsync("feishu", "alice");
        var sent = await browser.PostAsync($"/sign-in/{method}/link");
        var asks = await browser.GetAsync(await browser.ChooseAsync(sent.Location!, "alice"));
        await browser.PostAsync("/sign-in/link", [new("proof", Proof().Match(asks.Text).Groups[1].Value)]);

        await _gateway.SayAsync(platform, "/agenda");
        string? link = null;
        await _gateway.UntilAsync(async () => (link = Link().Match(await _gateway.SaidAsync(platform)) is { Success: true } found
            ? found.Value : null) is not null, "the link");
        await AuthorizationFixture.AllowAsync(browser, link!, "alice");
        await _gateway.ShowsAsync(platform, "今天没有日程。");
        Assert.DoesNotContain("今天没有日程", await _gateway.SaidAsync("feishu"), StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"proof\" value=\"([^\"]+)\"")]
    private static partial Regex Proof();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/authorizations/au_[0-9a-f]{32}")]
    private static partial Regex Link();
}

using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.People.SignIn;

/// <summary>The ways in which accounts were taken over elsewhere (facts A5), one by one.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class TakeOverTests : IAsyncLifetime
{
    private const string InWeCom = "Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1";
    private ThreePlatforms _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await ThreePlatforms.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A5_1_nobody_is_linked_by_mail_number_or_name()
    {
        using var feishu = Browser();
        await feishu.SignInAsync("feishu", "alice");
        using var dingTalk = Browser();
        await dingTalk.SignInAsync("dingtalk", "alice");
        using var wecom = Browser(InWeCom);
        await wecom.SignInAsync("wecom", "alice");
        // The three directories have the same name and the same address of her.
        var people = (await _gateway.Gateway.GetRestAsync("/people?limit=50")).Items;
        Assert.Equal(3, people.Length);
        Assert.Equal(3, people.Select(p => p.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A5_2_a_renamed_id_is_the_same_person()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        var before = await IdAsync("feishu");
        await _gateway.Emulator.ControlAsync(HttpMethod.Patch, "people/alice", new { user_id = "alice.wu" });
        await alice.SignInAsync("feishu", "alice.wu", again: true);
        Assert.Equal(before, await IdAsync("feishu"));
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("dingtalk")]
    public async Task A5_2_who_gets_a_leavers_id_is_somebody_else(string method)
    {
        using var bob = Browser();
        await bob.SignInAsync(method, "bob");
        var before = await IdAsync(method);
        await _gateway.Emulator.ControlAsync(HttpMethod.Delete, "people/bob");
        await _gateway.Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "bob", name = "Bob the second" });
        using var second = Browser();
        Assert.Equal(303, (await second.SignInAsync(method, "bob")).Status);
        var people = (await _gateway.Gateway.GetRestAsync($"/people?platform={method}")).Items.Select(p =>
            p.GetProperty("id").GetString()).ToArray();
        Assert.Equal(2, people.Length);
        Assert.Contains(before, people);
        Assert.Equal("Bob the second", await second.WhoAsync());
    }

    [Theory]
    [InlineData("feishu", null)]
    [InlineData("wecom", InWeCom)]
    [InlineData("dingtalk", null)]
    public async Task A5_3_an_answer_counts_in_the_browser_that_asked_and_once(string method, string? agent)
    {
        using var mallory = Browser(agent);
        using var bob = Browser(agent);
        // Mallory signs in as herself and has Bob open her answer: he would work in her account.
        var hers = await mallory.ChooseAsync(await mallory.BeginAsync(method), "carol");
        var page = await bob.GetAsync(hers);
        Assert.True(page.Status == 400 && page.Says("did not begin in this browser"), page.ToString());
        Assert.Null(await bob.WhoAsync());
        Assert.Equal(303, (await mallory.GetAsync(hers)).Status);
        Assert.Equal(400, (await mallory.GetAsync(hers)).Status);
    }

    [Fact]
    public async Task A5_3_states_are_random_and_without_one_nothing_counts()
    {
        using var browser = Browser();
        var states = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var state = System.Web.HttpUtility.ParseQueryString((await browser.BeginAsync("feishu")).Query)["state"]!;
            Assert.Matches("^[A-Za-z0-9]{32}$", state);
            Assert.True(states.Add(state));
        }

        var code = System.Web.HttpUtility.ParseQueryString((await browser.ChooseAsync(await browser.BeginAsync("feishu"),
            "alice")).Query)["code"];
        foreach (var query in (string[])[$"code={code}", $"code={code}&state=", $"code={code}&state={new string('A', 32)}",
            $"code={code}&state=x&state=y"])
            Assert.Equal(400, (await browser.GetAsync("/sign-in/feishu/callback?" + query)).Status);
        Assert.Null(await browser.WhoAsync());
    }

    [Fact]
    public async Task A5_4_one_methods_answer_is_not_anothers()
    {
        using var browser = Browser();
        var back = await browser.ChooseAsync(await browser.BeginAsync("feishu"), "alice");
        Assert.Equal(400, (await browser.GetAsync("/sign-in/dingtalk/callback" + back.Query)).Status);
        Assert.Null(await browser.WhoAsync());
        // Each method has an address of its own to come back to.
        Assert.Equal("/sign-in/feishu/callback", back.AbsolutePath);
    }

    [Fact]
    public async Task A5_6_who_may_not_see_the_app_stays_outside()
    {
        await _gateway.Emulator.ControlAsync(HttpMethod.Patch, $"apps/{Larkspur.Testing.GatewayApp.AppId}",
            new { available_to = (string[])["bob"] });
        using var browser = Browser();
        var back = await browser.ChooseAsync(await browser.BeginAsync("feishu"), "alice");
        var page = await browser.GetAsync(back);
        Assert.True(page.Status == 403 && page.Says("not available to you"), page.ToString());
        Assert.Null(await browser.WhoAsync());
    }

    [Theory]
    [InlineData("feishu", null)]
    [InlineData("wecom", InWeCom)]
    [InlineData("dingtalk", null)]
    public async Task A5_6_a_guest_of_another_company_stays_outside(string method, string? agent)
    {
        await _gateway.Emulator.ControlAsync(HttpMethod.Post, "guests", new { person = "dan", tenant_key = "wwother", name = "丹" });
        using var browser = Browser(agent);
        var page = await OutsideAsync(browser, method, "dan@wwother");
        if (method == "wecom")
        {
            // A member of a linked corp comes as CorpId/userid.
            await _gateway.Emulator.ActAsync(new { platform = "wecom", @do = "configure_sign_in", linked_corps = (string[])["wwother"] });
            page = await OutsideAsync(browser, method, "dan@wwother");
        }

        if (method == "dingtalk")
        {
            await _gateway.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", strangers = (string[])["dan@wwother"] });
            page = await OutsideAsync(browser, method, "dan@wwother");
        }

        Assert.True(page.Says("Only members of this company"), page.ToString());
        Assert.Empty((await _gateway.Gateway.GetRestAsync("/people")).Items);
    }

    private static async Task<BrowserPage> OutsideAsync(SignInBrowser browser, string method, string person)
    {
        var page = await browser.GetAsync(await browser.ChooseAsync(await browser.BeginAsync(method), person));
        Assert.True(page.Status == 403, page.ToString());
        Assert.Null(await browser.WhoAsync());
        return page;
    }

    [Theory]
    [InlineData("feishu", null)]
    [InlineData("wecom", InWeCom)]
    [InlineData("dingtalk", null)]
    public async Task A5_7_a_used_code_says_begin_again(string method, string? agent)
    {
        using var browser = Browser(agent);
        var first = await browser.ChooseAsync(await browser.BeginAsync(method), "alice");
        var code = System.Web.HttpUtility.ParseQueryString(first.Query)["code"];
        Assert.Equal(303, (await browser.GetAsync(first)).Status);
        await browser.PostAsync("/sign-in/sign-out");
        var second = await browser.BeginAsync(method);
        var state = System.Web.HttpUtility.ParseQueryString(second.Query)["state"];
        var page = await browser.GetAsync($"/sign-in/{method}/callback?code={code}&state={state}");
        Assert.True(page.Status == 400 && page.Says("begin again"), page.ToString());
        Assert.Null(await browser.WhoAsync());
    }

    [Theory]
    [InlineData("feishu", null)]
    [InlineData("dingtalk", null)]
    [InlineData("wecom", InWeCom)]
    public async Task A5_8_who_has_left_between_page_and_answer_does_not_get_in(string method, string? agent)
    {
        using var browser = Browser(agent);
        var back = await browser.ChooseAsync(await browser.BeginAsync(method), "bob");
        await _gateway.Emulator.ControlAsync(HttpMethod.Delete, "people/bob");
        var page = await browser.GetAsync(back);
        Assert.True(page.Status is 403 or 400, page + _gateway.Gateway.Logs.Text);
        Assert.Null(await browser.WhoAsync());
    }

    [Fact]
    public async Task A5_8_who_is_shut_out_loses_the_session_and_gets_no_other()
    {
        using var browser = Browser();
        await browser.SignInAsync("feishu", "alice");
        var id = await IdAsync("feishu");
        Assert.Equal(200, (await _gateway.Gateway.PostRestAsync($"/people/{id}/disable", new { })).Status);
        Assert.Null(await browser.WhoAsync());
        var page = await browser.SignInAsync("feishu", "alice");
        Assert.True(page.Status == 403 && page.Says("disabled your access"), page.ToString());
        Assert.Equal(200, (await _gateway.Gateway.PostRestAsync($"/people/{id}/enable", new { })).Status);
        // The session of before does not come back.
        Assert.Null(await browser.WhoAsync());
        Assert.Equal(303, (await browser.SignInAsync("feishu", "alice")).Status);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\t/evil.example")]
    [InlineData("/a/..//evil.example")]
    [InlineData("/%0d%0aSet-Cookie:x=1/../..//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("@evil.example")]
    public async Task A5_9_nobody_is_led_to_another_site(string returnTo)
    {
        using var browser = Browser();
        var back = await browser.SignInAsync("feishu", "alice", returnTo);
        Assert.Equal(303, back.Status);
        Assert.Equal(_gateway.Gateway.Address.Authority, back.Location!.Authority);
        Assert.StartsWith("/", back.Location.AbsolutePath, StringComparison.Ordinal);
        Assert.False(back.Location.AbsolutePath.StartsWith("//", StringComparison.Ordinal), back.ToString());
    }

    [Fact]
    public async Task A5_10_an_account_is_linked_by_who_has_just_proved_both_and_said_yes()
    {
        using var browser = Browser();
        await browser.SignInAsync("feishu", "alice");
        var page = await LinkAsync(browser, "dingtalk", "alice");
        Assert.True(page.Status == 200 && page.Says("Is this account yours?"), page.ToString());
        Assert.Single((await _gateway.Gateway.GetRestAsync("/people")).Items);
        var proof = System.Text.RegularExpressions.Regex.Match(page.Text, "name=\"proof\" value=\"([^\"]+)\"").Groups[1].Value;
        // Another browser, and a made-up proof, link nothing.
        using var mallory = Browser();
        await mallory.SignInAsync("feishu", "carol");
        Assert.Equal(400, (await mallory.PostAsync("/sign-in/link", [new("proof", proof)])).Status);
        Assert.Equal(400, (await browser.PostAsync("/sign-in/link", [new("proof", proof[..^2] + "AA")])).Status);
        Assert.Equal(400, (await browser.PostAsync("/sign-in/link", [new("proof", proof)], ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.True((await browser.PostAsync("/sign-in/link", [new("proof", proof)])).Status == 303, _gateway.Gateway.Logs.Text);
        using var other = Browser();
        await other.SignInAsync("dingtalk", "alice");
        Assert.Equal(2, (await _gateway.Gateway.GetRestAsync("/people")).Items.Length);
        Assert.Equal("艾丽丝", await other.WhoAsync());
    }

    [Fact]
    public async Task A5_10_two_accounts_of_one_directory_are_two_people()
    {
        using var alice = Browser();
        await alice.SignInAsync("feishu", "alice");
        using var bob = Browser();
        await bob.SignInAsync("dingtalk", "bob");
        var asked = await LinkAsync(bob, "feishu", "bob");
        await bob.PostAsync("/sign-in/link", [new("proof", Proof(asked))]);
        // Bob is Feishu's bob now; that he were alice too cannot be.
        asked = await LinkAsync(bob, "feishu", "alice");
        Assert.Equal(403, (await bob.PostAsync("/sign-in/link", [new("proof", Proof(asked))])).Status);
        Assert.Equal(2, (await _gateway.Gateway.GetRestAsync("/people")).Items.Length);
    }

    private static string Proof(BrowserPage page) => System.Text.RegularExpressions.Regex.Match(page.Text,
        "name=\"proof\" value=\"([^\"]+)\"").Groups[1].Value;

    private static async Task<BrowserPage> LinkAsync(SignInBrowser browser, string method, string person)
    {
        var sent = await browser.PostAsync($"/sign-in/{method}/link");
        Assert.True(sent.Location is not null, sent.ToString());
        return await browser.GetAsync(await browser.ChooseAsync(sent.Location!, person));
    }

    private async Task<string> IdAsync(string platform) =>
        Assert.Single((await _gateway.Gateway.GetRestAsync($"/people?platform={platform}")).Items).GetProperty("id").GetString()!;

    private SignInBrowser Browser(string? agent = null) => new(_gateway.Gateway.Address, agent);
}

using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.SignIn;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>Commands that look at what is somebody's own: they are asked once, and it goes on where it stopped.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OwnNameCommandTests : IAsyncLifetime
{
    private AuthorizationFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await AuthorizationFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Theory]
    [InlineData("/agenda")]
    [InlineData("/日程")]
    public async Task Bob_authorises_once_and_the_command_goes_on(string command)
    {
        await _on.SayAsync(command);
        var link = await _on.LinkAsync();
        Assert.DoesNotContain(_on.Sent(), m => m.Contains("周会", StringComparison.Ordinal));
        using var browser = _on.Browser();
        var asks = await browser.GetAsync(new Uri(link));
        Assert.True(asks.Status == 200 && asks.Says("calendar:calendar:readonly"), asks.ToString());
        var page = await AuthorizationFixture.AllowAsync(browser, link, "bob");
        Assert.True(page.Says("Authorised"), page.ToString());
        var shown = await _on.HearsAsync("周会");
        Assert.True(shown.Contains("10&#58;00–10&#58;30", StringComparison.Ordinal), shown);
        // Not asked again.
        var before = _on.Sent().Count;
        await _on.SayAsync("/agenda");
        await _on.HoldsAsync(() => _on.Sent().Count > before, "the second answer");
        Assert.Contains("周会", _on.Sent()[^1], StringComparison.Ordinal);
        Assert.Single(_on.Links());
        Assert.Equal(1, await _on.TokensAsync());
        // The browser that allowed it is signed in to nothing by that.
        Assert.Null(await browser.WhoAsync());
    }

    [Fact]
    public async Task Help_lists_them_where_there_is_Feishu()
    {
        await _on.SayAsync("/help");
        Assert.Contains("/agenda", await _on.HearsAsync("/approvals"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_stand_nowhere_in_the_clear()
    {
        await _on.SayAsync("/agenda");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("周会");
        var kept = (await _on.RowsAsync("SELECT sealed FROM user_token", r => r.GetString(0)))[0];
        Assert.StartsWith("CfDJ8", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", _on.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_follows_anothers_link_allows_nothing()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        var page = await _on.AllowAsync(link, "alice");
        Assert.True(page.Says("this request is not for you"), page.ToString());
        Assert.Equal(0, await _on.TokensAsync());
        Assert.Equal(["waiting"], await _on.StatesAsync());
        // Bob still can.
        await _on.AllowAsync(link);
        await _on.HearsAsync("周会");
        Assert.DoesNotContain(_on.Sent("alice"), m => m.Contains("周会", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_no_is_a_no_for_a_while()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        // Who it is that says no is asked first.
        Assert.Equal("/sign-in", (await RefuseAsync(browser, link)).Location!.AbsolutePath);
        await browser.SignInAsync("feishu", "bob");
        Assert.Equal(303, (await RefuseAsync(browser, link)).Status);
        Assert.True((await browser.GetAsync(new Uri(link))).Says("Refused"));
        await _on.HearsAsync("You did not allow it, so I have not looked");
        await _on.SayAsync("/agenda");
        Assert.Contains(link, await _on.HearsAsync("I do not ask again for seven days"), StringComparison.Ordinal);
        Assert.Equal(["refused"], await _on.StatesAsync());
        // They may think better of it.
        Assert.True((await AuthorizationFixture.AllowAsync(browser, link, "bob")).Says("Authorised"));
        await _on.SayAsync("/agenda");
        await _on.HearsAsync("周会");
    }

    [Fact]
    public async Task Nobody_says_no_for_another()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        await browser.SignInAsync("feishu", "alice");
        var told = await browser.GetAsync((await RefuseAsync(browser, link)).Location!);
        Assert.True(told.Says("this request is not for you"), told.ToString());
        // The platform's page does not say whose its no was.
        var back = await browser.GetAsync(await browser.ChooseAsync(await AuthorizationFixture.BeginAsync(browser, link), "alice",
            allows: false));
        Assert.True((await browser.GetAsync(back.Location!)).Says("You did not allow it in Feishu"), back.ToString());
        Assert.Equal(["waiting"], await _on.StatesAsync());
    }

    private static Task<BrowserPage> RefuseAsync(SignInBrowser browser, string link) =>
        browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", "refuse")]);

    [Fact]
    public async Task What_a_person_may_not_allow_is_said()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        var platform = await AuthorizationFixture.BeginAsync(browser, link);
        // Somebody takes a scope off the address on the way.
        var narrowed = new Uri(platform.AbsoluteUri.Replace("calendar%3Acalendar%3Areadonly", "", StringComparison.Ordinal));
        Assert.NotEqual(platform, narrowed);
        var back = await browser.GetAsync(await browser.ChooseAsync(narrowed, "bob"));
        Assert.True((await browser.GetAsync(back.Location!)).Says("Feishu did not grant all of it"), back.ToString());
        Assert.Equal(0, await _on.TokensAsync());
    }

    [Fact]
    public async Task Another_site_answers_for_nobody()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        foreach (var decision in (string[])["allow", "refuse"])
        {
            var sent = await browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", decision)], ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(200, sent.Status);
        }

        Assert.Equal(["waiting"], await _on.StatesAsync());
        Assert.Equal(404, (await browser.GetAsync("/authorizations/au_00000000000000000000000000000000")).Status);
    }

    [Fact]
    public async Task In_a_group_the_card_is_for_one_alone()
    {
        var group = _on.Emulator.State.Chats(null).First(c => c.Name.Contains("采购协作群", StringComparison.Ordinal));
        await _on.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = group.ChatId, text = "@Larkspur 助手 /agenda" });
        var link = await _on.LinkAsync();
        var inGroup = () => _on.Emulator.State.Messages(group.ChatId).Select(m => m.Card?.Json ?? m.Content).ToArray();
        await _on.HoldsAsync(() => inGroup().Any(m => m.Contains("sent you a card in private", StringComparison.Ordinal)
            || m.Contains("私下发给您", StringComparison.Ordinal)), "the word in the group");
        Assert.DoesNotContain(inGroup(), m => m.Contains("/authorizations/", StringComparison.Ordinal));
        await _on.AllowAsync(link);
        await _on.HearsAsync("周会");
        await _on.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = group.ChatId, text = "@Larkspur 助手 /agenda" });
        await _on.HoldsAsync(() => inGroup().Any(m => m.Contains("That is yours alone", StringComparison.Ordinal)
            || m.Contains("个人信息", StringComparison.Ordinal)), "the word in the group");
        await _on.HoldsAsync(() => _on.Sent().Count(m => m.Contains("周会", StringComparison.Ordinal)) == 2, "the second agenda");
        Assert.DoesNotContain(inGroup(), m => m.Contains("周会", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_for_approval_is_shown_to_whom_it_waits_for()
    {
        var made = await _on.Gateway.PostRestAsync("/approvals/instances", new
        {
            approval_code = Larkspur.Emulator.State.SeededCompany.PaymentApprovalCode, submitter = new { user_id = "alice" },
            form = new { payee = "Shenzhen Steel Ltd", amount = 1200.5 },
        });
        Assert.True(made.Status == 201, made.ToString());
        await _on.SayAsync("/approvals");
        await _on.AllowAsync(await _on.LinkAsync());
        var card = await _on.HearsAsync("Waiting for your approval: 1");
        Assert.Contains("艾丽丝", card, StringComparison.Ordinal);
        await _on.SayAsync("/approvals", "alice");
        await _on.AllowAsync(await _on.LinkAsync("alice"), "alice");
        await _on.HearsAsync("Waiting for your approval: 0", "alice");
    }

    [Fact]
    public async Task What_could_not_go_on_is_tried_again_and_survives_the_process()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        await _on.FaultAsync(new { path = "/open-apis/calendar/v4/calendars/primary", method = "POST", reply = "drop" });
        await _on.AllowAsync(link);
        await _on.HoldsAsync(async () => (await _on.RowsAsync("SELECT tries FROM user_authorization_resume", r => r.GetInt64(0))) is [> 0],
            "a try in vain");
        await _on.RestartAsync();
        await _on.Emulator.ControlAsync(HttpMethod.Delete, "faults");
        await _on.HearsAsync("周会");
        Assert.Single(_on.Sent(), m => m.Contains("周会", StringComparison.Ordinal));
        Assert.Empty(await _on.RowsAsync("SELECT id FROM user_authorization_resume", r => r.GetString(0)));
    }

    [Fact]
    public async Task Whoever_said_yes_is_told_when_it_ended_before_it_went_on()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        await _on.FaultAsync(new { path = "/open-apis/calendar/v4/calendars/primary", method = "POST", reply = "drop" });
        await _on.AllowAsync(link);
        await _on.HoldsAsync(async () => (await _on.RowsAsync("SELECT tries FROM user_authorization_resume", r => r.GetInt64(0))) is [> 0],
            "a try in vain");
        // Ended on the platform, not by the person here.
        await _on.Emulator.ControlAsync(HttpMethod.Delete, "tokens");
        await _on.HearsAsync("Feishu refused it");
        Assert.Empty(await _on.RowsAsync("SELECT id FROM user_authorization_resume", r => r.GetString(0)));
    }
}

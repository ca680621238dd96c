using System.Net;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>What a person and their browser see of signing in with WeCom.</summary>
public sealed class SignInPageTests : SignInTest
{
    public static TheoryData<string> Pages => ["client", "web", "own", "qr"];

    private static string Address(string page, string more = "") => page switch
    {
        "client" => Client(more),
        "web" => Web(more),
        "own" => Web(more).Replace("/wwlogin/sso/login", "/cgi-bin/emulator/login", StringComparison.Ordinal),
        _ => $"/wwopen/sso/qrConnect?appid={Corp.CorpId}&agentid={Corp.AgentId}&redirect_uri={Uri.EscapeDataString(Back)}&state=s1{more}",
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_a_form_of_the_people_that_allows_and_denies(string page)
    {
        var shown = await PageAsync(Address(page), ("Accept-Language", "zh-CN"));
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal(["alice", "bob", "carol"], shown.People);
        Assert.Contains("name=\"decision\" value=\"deny\"", shown.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\"", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", shown.Text, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", shown.Policy, StringComparison.Ordinal);

        var back = await PageAsync(Address(page, "&as=bob&decision=allow"));
        Assert.Equal((HttpStatusCode.Redirect, "127.0.0.1:8080", "1", "s1"), (back.Status, back.Location!.Authority, back.Told["a"], back.Told["state"]));
        Assert.Equal("bob", Text(await WhoAsync(back.Told["code"]), "userid"));
        Assert.Equal("bob", Text(await WhoAsync((await PageAsync(Address(page, "&as=bob"))).Told["code"]), "userid"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Whoever_denies_goes_back_with_the_state_and_without_a_code(string page)
    {
        foreach (var no in new[] { "&as=bob&decision=deny", "&deny=true" })
        {
            var back = await PageAsync(Address(page, no));
            Assert.Equal((HttpStatusCode.Redirect, "s1", null), (back.Status, back.Told["state"], back.Told["code"]));
        }
    }

    [Fact]
    public async Task The_login_page_speaks_the_language_of_its_address()
    {
        Assert.Contains("<html lang=\"en\"", (await PageAsync(Web("&lang=en"), ("Accept-Language", "zh-CN"))).Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-CN\"", (await PageAsync(Web("&lang=zh"), ("Accept-Language", "en"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_the_client_a_person_who_signed_in_before_is_asked_nothing()
    {
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Client(), ("User-Agent", InClient))).Status);
        var cookie = (await PageAsync(Web("&as=carol"))).Cookie;
        Assert.Equal("carol", Text(await WhoAsync((await PageAsync(Client(), ("User-Agent", InClient), ("Cookie", cookie))).Told["code"]), "userid"));
        // A browser asks all the same, with the person in front.
        Assert.Equal("carol", (await PageAsync(Client(), ("Cookie", cookie))).People.First());
        await PersonAsync("carol", new { status = "frozen" });
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Client(), ("User-Agent", InClient), ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task Details_are_asked_for_once_in_thirty_days()
    {
        const string details = "snsapi_privateinfo";
        var cookie = (await PageAsync(Client("&as=carol"))).Cookie;
        var asked = await PageAsync(Client("", details), ("User-Agent", InClient), ("Cookie", cookie));
        Assert.Contains("name=\"withhold\"", asked.Text, StringComparison.Ordinal);
        await PageAsync(Client("&as=carol&decision=allow", details), ("User-Agent", InClient), ("Cookie", cookie));
        await Emulator.AdvanceAsync(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.NotNull((await PageAsync(Client("", details), ("User-Agent", InClient), ("Cookie", cookie))).Told["code"]);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(Client("", details), ("User-Agent", InClient), ("Cookie", cookie))).Status);
    }

    [Fact]
    public async Task Without_an_agentid_nobody_is_asked_for_details()
    {
        var address = Client("", "snsapi_privateinfo").Replace($"&agentid={Corp.AgentId}", "", StringComparison.Ordinal);
        Assert.DoesNotContain("withhold", (await PageAsync(address)).Text, StringComparison.Ordinal);
        var who = await WhoAsync((await PageAsync(address + "&as=bob")).Told["code"]);
        Assert.Equal(("bob", null), (Text(who, "userid"), who["user_ticket"]));
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("inactive")]
    [InlineData("resigned")]
    public async Task Whoever_is_not_active_does_not_get_in(string status)
    {
        await PersonAsync("bob", new { status });
        var page = await PageAsync(Client("&as=bob"));
        Assert.Equal((HttpStatusCode.BadRequest, true), (page.Status, page.Text.Contains("role=\"alert\"", StringComparison.Ordinal)));
        Assert.DoesNotContain("bob", (await PageAsync(Client())).People);
        Assert.Contains("not signed in", await RefusedActionAsync(new { platform = "wecom", @as = "bob", @do = "sign_in" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_host_or_port_gets_nobody_back()
    {
        await ActAsync(new { platform = "wecom", @do = "trust_domains", domains = new[] { "127.0.0.1:8080", "app.example" } });
        Assert.Equal(HttpStatusCode.Redirect, (await PageAsync(Client("&as=bob"))).Status);
        foreach (var wrong in new[] { "http://127.0.0.1:8081/back", "http://127.0.0.1/back", "https://app.example.evil.example/", "https://app.example:8443/", "javascript:alert(1)", "/back" })
        {
            var client = await PageAsync(Client("&as=bob").Replace(Uri.EscapeDataString(Back), Uri.EscapeDataString(wrong), StringComparison.Ordinal));
            Assert.Equal((HttpStatusCode.BadRequest, true), (client.Status, client.Text.Contains("<code>50001</code>", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.BadRequest, (await PageAsync(Web("&as=bob", wrong))).Status);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await PageAsync(Web("&as=bob", "https://app.example/deep/er?x=1"))).Status);
    }

    [Theory]
    [InlineData("&state=%3Cscript%3E")]
    [InlineData("&state=a-b")]
    [InlineData("&redirect_uri=http%3A%2F%2Fother.example")]
    [InlineData("&as=mallory")]
    public async Task What_is_wrong_with_the_address_is_said_on_the_page(string more)
    {
        var page = await PageAsync(Client(more).Replace("&state=s1", more.StartsWith("&state", StringComparison.Ordinal) ? "" : "&state=s1", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class ContactTests : WeComTest
{
    private static string SignIn(string more) => $"/connect/oauth2/authorize?appid={Corp.CorpId}&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fback%3Fa%3D1&response_type=code&{more}";

    [Fact]
    public async Task Members_and_departments_are_read_and_an_application_sees_less()
    {
        var alice = await CallAsync("/cgi-bin/user/get?userid=Alice");
        Assert.Equal(("alice", "艾丽丝", 2, "[2]"), (Text(alice, "userid"), Text(alice, "name"), alice["main_department"]!.GetValue<int>(), alice["department"]!.ToJsonString()));
        Assert.Null(alice["mobile"]);
        var book = await TokenAsync(Corp.ContactSecret);
        Assert.Equal(48009, Code(await GetAsync($"/cgi-bin/user/get?userid=alice&access_token={book}")));
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", sync_secret_reads = "details" });
        Assert.Equal("13800000001", Text(await GetAsync($"/cgi-bin/user/get?userid=alice&access_token={book}"), "mobile"));
        Assert.Equal(60111, Code(await CallAsync("/cgi-bin/user/get?userid=nobody")));
        Assert.Equal(3, (await CallAsync("/cgi-bin/user/simplelist?department_id=1&fetch_child=1"))["userlist"]!.AsArray().Count);
        Assert.Empty((await CallAsync("/cgi-bin/user/simplelist?department_id=1"))["userlist"]!.AsArray());
        Assert.Equal([1, 2, 3], (await CallAsync("/cgi-bin/department/list"))["department"]!.AsArray().Select(d => d!["id"]!.GetValue<int>()));
        Assert.Equal(60003, Code(await CallAsync("/cgi-bin/department/get?id=99")));
        Assert.Equal("alice", Text(await CallAsync("/cgi-bin/user/getuserid", new { mobile = "13800000001" }), "userid"));
        Assert.Equal("bob", Text(await CallAsync("/cgi-bin/user/get_userid_by_email", new { email = "Bob@mica.example", email_type = 2 }), "userid"));
        Assert.Equal(46004, Code(await CallAsync("/cgi-bin/user/getuserid", new { mobile = "1" })));
    }

    [Fact]
    public async Task Ids_come_in_pages_and_only_to_the_address_book()
    {
        Assert.Equal(48002, Code(await CallAsync("/cgi-bin/user/list_id", new { })));
        var address = $"/cgi-bin/user/list_id?access_token={await TokenAsync(Corp.ContactSecret)}";
        var (cursor, seen) = ("", new List<string>());
        do
        {
            var page = await PostAsync(address, new { cursor, limit = 2 });
            seen.AddRange(page["dept_user"]!.AsArray().Select(r => r!["userid"]!.GetValue<string>()));
            cursor = Text(page, "next_cursor");
        }
        while (cursor.Length > 0);
        Assert.Equal(["alice", "bob", "carol"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_person_comes_back_with_a_code_of_one_use()
    {
        using var sent = await Emulator.Http.GetAsync(SignIn($"scope=snsapi_privateinfo&agentid={Corp.AgentId}&state=abc&as=bob"), Cancel);
        var back = sent.Headers.Location!.ToString();
        Assert.StartsWith("http://127.0.0.1:8080/back?a=1&code=", back, StringComparison.Ordinal);
        Assert.EndsWith("&state=abc", back, StringComparison.Ordinal);
        var code = back.Split("code=")[1].Split('&')[0];
        var who = await CallAsync($"/cgi-bin/auth/getuserinfo?code={code}");
        Assert.Equal("bob", Text(who, "userid"));
        Assert.Equal(42022, Code(await CallAsync($"/cgi-bin/auth/getuserinfo?code={code}")));
        Assert.Equal(40029, Code(await CallAsync("/cgi-bin/auth/getuserinfo?code=made-up")));
        var ticket = new { user_ticket = Text(who, "user_ticket") };
        Assert.Equal("bob@mica.example", Text(await CallAsync("/cgi-bin/auth/getuserdetail", ticket), "email"));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1800));
        Assert.Equal(84014, Code(await CallAsync("/cgi-bin/auth/getuserdetail", ticket)));
        Assert.DoesNotContain(code, (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString(), StringComparison.Ordinal);

        using var base_ = await Emulator.Http.GetAsync(SignIn("scope=snsapi_base&as=bob"), Cancel);
        var late = base_.Headers.Location!.ToString().Split("code=")[1].Split('&')[0];
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(42003, Code(await CallAsync($"/cgi-bin/auth/getuserinfo?code={late}")));
    }

    [Theory]
    [InlineData("scope=openid")]
    [InlineData("scope=snsapi_privateinfo&agentid=1")]
    [InlineData("scope=snsapi_base&state=%3Cscript%3E")]
    public async Task A_page_that_is_asked_wrongly_says_so(string more)
    {
        using var page = await Emulator.Http.GetAsync(SignIn(more + "&as=bob"), Cancel);
        Assert.Equal(400, (int)page.StatusCode);
        Assert.DoesNotContain("<script", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_choose_who_they_are_and_only_trusted_hosts_get_them()
    {
        using var page = await Emulator.Http.GetAsync(SignIn("scope=snsapi_base&state=x"), Cancel);
        Assert.Contains("name=\"as\" value=\"carol\"", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await ActAsync(new { platform = "wecom", @do = "trust_domains", domains = new[] { "127.0.0.1" } });
        using var refused = await Emulator.Http.GetAsync(SignIn("scope=snsapi_base&as=bob"), Cancel);
        Assert.Equal(400, (int)refused.StatusCode);
        await ActAsync(new { platform = "wecom", @do = "trust_domains", domains = new[] { "127.0.0.1:8080" } });
        using var login = await Emulator.Http.GetAsync($"/cgi-bin/emulator/login?login_type=CorpApp&appid={Corp.CorpId}&agentid={Corp.AgentId}&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2F&as=bob", Cancel);
        Assert.Equal(302, (int)login.StatusCode);
        Assert.NotEmpty(Text(await CallAsync("/cgi-bin/get_jsapi_ticket"), "ticket"));
    }
}

using System.Text.Json;
using Larkspur.WeCom.Contacts;
using Larkspur.WeCom.CustomerService;
using Larkspur.WeCom.SignIn;

namespace Larkspur.WeCom.Tests;

/// <summary>Customer service, sign-in and the address book over the wire.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubWeCom.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Customer_messages_are_read_until_there_is_no_more_even_over_an_empty_page()
    {
        _platform.Post("/cgi-bin/kf/sync_msg", c => (c.Json.TryGetProperty("cursor", out JsonElement cursor) ? cursor.GetString() : null) switch
        {
            null => """{"errcode":0,"errmsg":"ok","next_cursor":"c1","has_more":1,"msg_list":[{"msgid":"m1","open_kfid":"wk","external_userid":"wm","send_time":1700000000,"origin":3,"msgtype":"text","text":{"content":"hi"}}]}""",
            "c1" => """{"errcode":0,"errmsg":"ok","next_cursor":"c2","has_more":1,"msg_list":[]}""",
            _ => """{"errcode":0,"errmsg":"ok","next_cursor":"c3","has_more":0,"msg_list":[{"msgid":"m2","open_kfid":"wk","msgtype":"event","origin":4,"event":{"event_type":"enter_session","welcome_code":"WC"}}]}""",
        });
        var pages = new List<KfPage>();
        await foreach (KfPage page in _platform.Client().CustomerService.SyncAllAsync("wk", token: "T", cancellationToken: Cancel)) pages.Add(page);
        Assert.Equal(["c1", "c2", "c3"], pages.Select(p => p.NextCursor));
        Assert.Equal("hi", pages[0].MsgList[0].Content!.Value.GetProperty("content").GetString());
        Assert.Equal("WC", pages[2].MsgList[0].Content!.Value.GetProperty("welcome_code").GetString());
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse("""{"open_kfid":"wk","token":"T","limit":1000}""").RootElement, _platform.Calls.First().Json));
    }

    [Fact]
    public async Task A_cursor_that_stays_is_an_error_and_no_loop()
    {
        _platform.Post("/cgi-bin/kf/sync_msg", _ => """{"errcode":0,"errmsg":"ok","next_cursor":"c1","has_more":1,"msg_list":[]}""");
        await Assert.ThrowsAsync<WeComApiException>(async () =>
        {
            await foreach (KfPage _ in _platform.Client().CustomerService.SyncAllAsync("wk", cancellationToken: Cancel))
            {
            }
        });
        Assert.Equal(2, _platform.Calls.Count());
    }

    [Theory]
    [InlineData(95001, KfSendLimit.FiveMessages)]
    [InlineData(95002, KfSendLimit.FortyEightHours)]
    [InlineData(95018, KfSendLimit.State)]
    [InlineData(95013, KfSendLimit.State)]
    public async Task Limits_of_customer_messages_have_names(int code, KfSendLimit limit)
    {
        _platform.Post("/cgi-bin/kf/send_msg", _ => $$"""{"errcode":{{code}},"errmsg":"no"}""");
        Assert.Equal(limit, (await Assert.ThrowsAsync<KfSendException>(() => _platform.Client().CustomerService.SendTextAsync("wk", "wm", "x", cancellationToken: Cancel))).Limit);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("own-1", 2)]
    public async Task A_lost_answer_to_a_customer_message_is_followed_by_another_try_only_under_an_id(string? id, int calls)
    {
        int number = 0;
        _platform.On("POST", "/cgi-bin/kf/send_msg", c =>
        {
            if (Interlocked.Increment(ref number) > 1) return StubWeCom.Json(c.Http, 200, """{"errcode":0,"errmsg":"ok","msgid":"own-1"}""");
            c.Http.Abort();
            return Task.CompletedTask;
        });
        Task<string> sending = _platform.Client().CustomerService.SendTextAsync("wk", "wm", "x", id, Cancel);
        if (id is not null) Assert.Equal("own-1", await sending);
        else await Assert.ThrowsAsync<PlatformNetworkException>(() => sending);
        Assert.Equal(calls, _platform.Calls.Count());
    }

    [Fact]
    public async Task A_conversation_is_handed_over()
    {
        _platform.Post("/cgi-bin/kf/service_state/get", _ => """{"errcode":0,"errmsg":"ok","service_state":3,"servicer_userid":"alice"}""");
        _platform.Post("/cgi-bin/kf/service_state/trans", _ => """{"errcode":0,"errmsg":"ok","msg_code":"MC"}""");
        _platform.Post("/cgi-bin/kf/send_msg_on_event", _ => """{"errcode":0,"errmsg":"ok","msgid":"1"}""");
        WeComCustomerService service = _platform.Client().CustomerService;
        Assert.Equal(new KfSession(KfState.Human, "alice"), await service.StateAsync("wk", "wm", Cancel));
        Assert.Equal("MC", await service.TransferAsync("wk", "wm", KfState.Human, "alice", Cancel));
        await service.SendOnEventAsync("MC", "再见", Cancel);
        Assert.Equal("""{"code":"MC","msgtype":"text","text":{"content":"再见"}}""", _platform.Calls.Last().Text);
        await Assert.ThrowsAsync<WeComContentException>(() => service.TransferAsync("wk", "wm", KfState.Human, cancellationToken: Cancel));
    }

    [Fact]
    public void Addresses_of_sign_in()
    {
        var client = new WeComClient(new WeComOptions { CorpId = "ww1", AgentId = 7, Secret = "s" });
        var back = new Uri("https://a.example:8443/back?x=1");
        Assert.Equal(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&redirect_uri=https%3A%2F%2Fa.example%3A8443%2Fback%3Fx%3D1&response_type=code&scope=snsapi_privateinfo&state=S1&agentid=7#wechat_redirect",
            client.SignIn.ClientAddress(back, "S1", SignInScope.PrivateInfo).AbsoluteUri);
        Assert.Equal(
            "https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=ww1&agentid=7&redirect_uri=https%3A%2F%2Fa.example%3A8443%2Fback%3Fx%3D1&state=S1&lang=en",
            client.SignIn.BrowserAddress(back, "S1", english: true).AbsoluteUri);
        Assert.Throws<ArgumentException>(() => client.SignIn.ClientAddress(back, "no spaces"));
        Assert.Throws<ArgumentException>(() => client.SignIn.ClientAddress(new Uri("javascript:alert(1)"), "S1"));
        Assert.Equal("821d164e625f605a2f90e3d3d3d161f05ba7a1f0", WeComSignIn.SignPage("TICKET", "abc", 1700000000, new Uri("https://a.example/p?x=1#top")));
    }

    [Fact]
    public async Task A_code_is_exchanged_once()
    {
        int number = 0;
        _platform.Get("/cgi-bin/auth/getuserinfo", c => Interlocked.Increment(ref number) == 1
            ? """{"errcode":0,"errmsg":"ok","userid":"alice","user_ticket":"UT-secret"}""" : $$"""{"errcode":42022,"errmsg":"code been used {{c.Query["code"]}}"}""");
        _platform.Post("/cgi-bin/auth/getuserdetail", c => c.Json.GetProperty("user_ticket").GetString() == "UT-secret"
            ? """{"errcode":0,"errmsg":"ok","userid":"alice","gender":"2","mobile":"138"}""" : """{"errcode":84014,"errmsg":"expired"}""");
        WeComSignIn signIn = _platform.Client().SignIn;
        SignedIn person = await signIn.ExchangeAsync("CODE-secret", Cancel);
        Assert.Equal("alice", person.UserId);
        Assert.DoesNotContain("UT-secret", person.ToString(), StringComparison.Ordinal);
        Assert.Equal("138", (await signIn.DetailAsync(person.UserTicket!, Cancel)).Mobile);
        WeComApiException used = await Assert.ThrowsAsync<WeComApiException>(() => signIn.ExchangeAsync("CODE-secret", Cancel));
        Assert.DoesNotContain("CODE-secret", used.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_book_is_read()
    {
        _platform.Get("/cgi-bin/user/get", c => c.Query["userid"] == "alice"
            ? """{"errcode":0,"errmsg":"ok","userid":"alice","name":"爱丽丝","department":[1,2],"is_leader_in_dept":[1,0],"direct_leader":["bob"],"status":1}""" : """{"errcode":60111,"errmsg":"invalid userid"}""");
        _platform.Get("/cgi-bin/user/list", _ => """{"errcode":0,"errmsg":"ok","userlist":[{"userid":"alice"}]}""");
        _platform.Get("/cgi-bin/department/list", _ => """{"errcode":0,"errmsg":"ok","department":[{"id":1,"parentid":0,"order":1},{"id":2,"name":"研发","parentid":1,"department_leader":["alice"]}]}""");
        _platform.Post("/cgi-bin/user/list_id", c => c.Json.TryGetProperty("cursor", out _)
            ? """{"errcode":0,"errmsg":"ok","next_cursor":"","dept_user":[{"userid":"bob","department":1}]}""" : """{"errcode":0,"errmsg":"ok","next_cursor":"n","dept_user":[{"userid":"alice","department":1}]}""");
        _platform.Post("/cgi-bin/user/getuserid", _ => """{"errcode":0,"errmsg":"ok","userid":"alice"}""");
        _platform.Post("/cgi-bin/user/get_userid_by_email", c => c.Json.GetProperty("email_type").GetInt32() == 1 ? """{"errcode":0,"errmsg":"ok","userid":"alice"}""" : """{"errcode":60111,"errmsg":"x"}""");
        _platform.Post("/cgi-bin/user/convert_to_openid", _ => """{"errcode":0,"errmsg":"ok","openid":"o1"}""");
        WeComContacts contacts = _platform.Client().Contacts;
        Member alice = await contacts.MemberAsync("alice", Cancel);
        Assert.Equal(("爱丽丝", null), (alice.Name, alice.Mobile));
        Assert.Equal([1L, 2L], alice.Department);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<WeComApiException>(() => contacts.MemberAsync("nobody", Cancel))).FailureKind);
        Assert.Single(await contacts.MembersAsync(1, Cancel));
        Assert.Equal([1L, 2L], (await contacts.DepartmentsAsync(cancellationToken: Cancel)).Select(d => d.Id));
        var rows = new List<MemberOfDepartment>();
        await foreach (MemberOfDepartment row in contacts.AllIdsAsync(Cancel)) rows.Add(row);
        Assert.Equal([new("alice", 1), new("bob", 1)], rows);
        Assert.Equal("alice", await contacts.ByMobileAsync("138", Cancel));
        Assert.Equal("alice", await contacts.ByEmailAsync("a@a.example", cancellationToken: Cancel));
        Assert.Equal("o1", await contacts.OpenIdAsync("alice", Cancel));
    }
}

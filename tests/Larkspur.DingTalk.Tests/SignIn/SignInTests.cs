using Larkspur.DingTalk.SignIn;

namespace Larkspur.DingTalk.Tests.SignIn;

public sealed class SignInTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_code_becomes_tokens_and_these_tell_who_it_is_without_showing_themselves()
    {
        var clock = new ManualTimeProvider();
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Path switch
        {
            "/v1.0/oauth2/userAccessToken" => """{"accessToken":"person-access-token","refreshToken":"person-refresh-token","expireIn":7200,"corpId":"ding1"}""",
            "/v1.0/contact/users/me" => """{"nick":"A","unionId":"u1","openId":"o1","email":"a@example.com","stateCode":"86"}""",
            _ => """{"errcode":"0","result":{"contact_type":"0","userid":"alice"}}""",
        });
        DingTalkClient client = _stub.Client(clock: clock);
        PersonTokens tokens = await client.SignIn.ExchangeAsync("page-code", Cancel);
        Assert.Equal("""{"clientId":"dingclient0001","clientSecret":"client-secret-value","code":"page-code","grantType":"authorization_code"}""", _stub.Requests.Single().Body);
        Assert.Null(_stub.Requests.Single().Token);
        Assert.Equal(("person-access-token", "person-refresh-token", "ding1", clock.GetUtcNow().AddHours(2)), (tokens.AccessToken, tokens.RefreshToken, tokens.CorpId, tokens.ExpiresAt));
        SignedInPerson person = await client.SignIn.GetPersonAsync(tokens.AccessToken, Cancel);
        Assert.Equal("person-access-token", _stub.Calls.Last().Token);
        Assert.Equal(("u1", "o1", null), (person.UnionId, person.OpenId, person.Mobile));
        Assert.Equal("alice", await client.SignIn.FindMemberAsync(person.UnionId, Cancel));
        await client.SignIn.RefreshAsync(tokens.RefreshToken!, Cancel);
        Assert.Equal("""{"clientId":"dingclient0001","clientSecret":"client-secret-value","refreshToken":"person-refresh-token","grantType":"refresh_token"}""", _stub.Calls.Last().Body);
        Assert.DoesNotContain("token-", $"{tokens}", StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", $"{person}", StringComparison.Ordinal);
        Assert.Equal(0, client.Usage[DingTalkUseKind.Call]);
    }

    [Theory]
    [InlineData("""{"errcode":0,"result":{"contact_type":1,"userid":"partner"}}""")]
    [InlineData("""{"errcode":60121,"errmsg":"找不到该用户"}""")]
    public async Task Who_is_no_member_has_no_userid(string answer)
    {
        _stub.Answers(answer);
        Assert.Null(await _stub.Client().SignIn.FindMemberAsync("u1", Cancel));
    }

    [Theory]
    [InlineData("""{"errcode":0,"result":{"userid":"partner"}}""")]
    [InlineData("""{"errcode":0,"result":{"contact_type":0}}""")]
    [InlineData("""{"errcode":0}""")]
    public async Task An_answer_that_does_not_say_who_is_a_member_lets_nobody_in(string answer)
    {
        _stub.Answers(answer);
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.FindMemberAsync("u1", Cancel));
    }

    [Fact]
    public async Task A_used_code_is_an_authentication_failure_that_is_not_tried_again_and_shows_no_secret()
    {
        _stub.Answers("""{"code":"invalidParameter.authCode.notFound","message":"不合法的临时授权码 the-used-code client-secret-value","requestid":"R1"}""", 400);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.ExchangeAsync("the-used-code", Cancel));
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
        Assert.DoesNotContain("the-used-code", $"{refused}", StringComparison.Ordinal);
        Assert.DoesNotContain("client-secret-value", $"{refused}", StringComparison.Ordinal);
        Assert.Single(_stub.Requests);
        _stub.Answers("""{"code":"systemBusy","message":"系统繁忙"}""", 500);
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.ExchangeAsync("another-code", Cancel));
        Assert.Equal(2, _stub.Requests.Count);
        _stub.Answers("""{"errcode":40078,"errmsg":"不存在的临时授权码"}""");
        Assert.Equal(FailureKind.Authentication, (await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.ExchangeClientCodeAsync("client-code", Cancel))).FailureKind);
    }

    [Theory]
    [InlineData("""{"accessToken":"","expireIn":7200}""")]
    [InlineData("""{"accessToken":"t"}""")]
    [InlineData("""{"accessToken":"t","expireIn":-1}""")]
    [InlineData("""{"accessToken":"t","expireIn":99999999}""")]
    [InlineData("{}")]
    public async Task Tokens_without_a_life_are_none(string answer)
    {
        _stub.Answers(answer);
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.RefreshAsync("refresh", Cancel));
    }

    [Fact]
    public async Task Inside_the_client_a_code_tells_who_opened_the_page()
    {
        _stub.Answers("""{"errcode":0,"result":{"userid":"bob","unionid":"u2","associated_unionid":"u3","name":"B","sys":"true","sys_level":1,"device_id":"d"}}""");
        ClientPerson person = await _stub.Client().SignIn.ExchangeClientCodeAsync("client-code", Cancel);
        Assert.Equal(("bob", "u2", "u3", true, 1), (person.Userid, person.Unionid, person.AssociatedUnionid, person.Sys, person.SysLevel));
        Assert.Equal("""{"code":"client-code"}""", _stub.Calls.Single().Body);
        _stub.Answers("""{"errcode":0,"result":{"userid":""}}""");
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.ExchangeClientCodeAsync("client-code", Cancel));
    }

    [Fact]
    public async Task A_persons_token_that_was_refused_is_the_callers_to_refresh()
    {
        _stub.Answers("""{"code":"InvalidAuthentication","message":"不合法的access_token"}""", 400);
        await Assert.ThrowsAsync<DingTalkUserTokenException>(() => _stub.Client().SignIn.GetPersonAsync("person-access-token", Cancel));
        Assert.Empty(_stub.TokenCalls);
        _stub.Answers("{}");
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SignIn.GetPersonAsync("person-access-token", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().SignIn.GetPersonAsync(" ", Cancel));
    }
}

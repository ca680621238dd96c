using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Larkspur.DingTalk.Tests.Calls;

public sealed class CallTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task One_token_serves_both_forms_each_in_its_place()
    {
        DingTalkClient client = _stub.Client();
        await client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel);
        await client.SendAsync(Endpoints.Call(DingTalkForm.Old), cancellationToken: Cancel);
        Assert.Single(_stub.TokenCalls);
        Assert.All(_stub.Calls, c => Assert.Equal(_stub.GoodToken, c.Token));
    }

    [Fact]
    public async Task Many_calls_at_once_fetch_one_token()
    {
        DingTalkClient client = _stub.Client();
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => client.SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel)));
        Assert.Single(_stub.TokenCalls);
    }

    [Theory]
    [InlineData(DingTalkForm.New, 400, """{"code":"InvalidAuthentication","message":"不合法的access_token","requestid":"R1"}""")]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":40014,"errmsg":"不合法的access_token"}""")]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":88,"errmsg":"ding talk error","sub_code":"40014","sub_msg":"token"}""")]
    [InlineData(DingTalkForm.Old, 200, """{"errcode":42001,"errmsg":"expired"}""")]
    public async Task A_refused_token_is_renewed_once(DingTalkForm form, int status, string refusal)
    {
        _stub.OnCall = (c, r, n) => n == 1 ? DingTalkStub.Json(c, status, refusal) : DingTalkStub.Json(c, 200, """{"errcode":0}""");
        await _stub.Client().SendAsync(Endpoints.Call(form), cancellationToken: Cancel);
        Assert.Equal(2, _stub.TokenCalls.Count());
        Assert.Equal(["token-number-1", "token-number-2"], _stub.Calls.Select(c => c.Token));

        _stub.OnCall = (c, _, _) => DingTalkStub.Json(c, status, refusal);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(form), cancellationToken: Cancel));
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_showing_it()
    {
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(
            () => _stub.Client(o => o.ClientSecret = "wrong-secret-value").SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        Assert.Equal("invalidClientIdOrSecret", refused.ErrorCode);
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
        Assert.Equal("dingtalk", refused.Platform);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(_stub.Calls);
    }

    [Theory]
    [InlineData("""{"accessToken":"","expireIn":7200}""")]
    [InlineData("""{"accessToken":"t","expireIn":0}""")]
    [InlineData("{}")]
    public async Task A_token_answer_without_a_token_is_no_token(string answer)
    {
        _stub.OnToken = c => DingTalkStub.Json(c, 200, answer);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
    }

    [Theory]
    [InlineData("90018", FailureKind.RateLimited)]
    [InlineData("90002", FailureKind.RateLimited)]
    [InlineData("90020", FailureKind.Quota)]
    [InlineData("-1", FailureKind.Transient)]
    [InlineData("15", FailureKind.Transient)]
    [InlineData("88", FailureKind.Transient)]
    [InlineData("60011", FailureKind.Permission)]
    [InlineData("60020", FailureKind.Permission)]
    [InlineData("50002", FailureKind.Permission)]
    [InlineData("50004", FailureKind.Permission)]
    [InlineData("33012", FailureKind.Authentication)]
    [InlineData("40001", FailureKind.Authentication)]
    [InlineData("40078", FailureKind.Authentication)]
    [InlineData("60003", FailureKind.NotFound)]
    [InlineData("60121", FailureKind.NotFound)]
    [InlineData("400002", FailureKind.Invalid)]
    [InlineData("40035", FailureKind.Invalid)]
    [InlineData("43008", FailureKind.Invalid)]
    [InlineData("999999", FailureKind.Unknown)]
    public async Task Old_codes_have_a_kind_whatever_the_http_status(string code, FailureKind kind)
    {
        _stub.Answers($$"""{"errcode":{{code}},"errmsg":"words","request_id":"R7"}""");
        var refused = await Assert.ThrowsAnyAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.Old), new() { MaxAttempts = 1 }, Cancel));
        Assert.Equal((kind, code, int.Parse(code), "words", "R7", 200), (refused.FailureKind, refused.ErrorCode, refused.Code, refused.Msg, refused.LogId, refused.HttpStatus));
        Assert.Equal(kind == FailureKind.Quota, refused is DingTalkQuotaExceededException);
    }

    [Theory]
    [InlineData(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", FailureKind.RateLimited)]
    [InlineData(403, "Forbidden.AccessDenied.QpsLimitForApi", FailureKind.RateLimited)]
    [InlineData(403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", FailureKind.RateLimited)]
    [InlineData(403, "Forbidden.AccessDenied.ApiCountLimitForOrg", FailureKind.Quota)]
    [InlineData(403, "Forbidden.AccessDenied.IpNotInWhiteList", FailureKind.Permission)]
    [InlineData(400, "send.too.fast", FailureKind.RateLimited)]
    [InlineData(400, "too.many.people", FailureKind.Invalid)]
    [InlineData(400, "invalidParameter.userIds.invalid", FailureKind.Invalid)]
    [InlineData(400, "param.outTrackIdEmpty", FailureKind.Invalid)]
    [InlineData(400, "param.dynamicAnything", FailureKind.Invalid)]
    [InlineData(400, "group.disbanded", FailureKind.NotFound)]
    [InlineData(500, "something.new", FailureKind.Transient)]
    [InlineData(404, "something.new", FailureKind.NotFound)]
    [InlineData(504, "Gateway.Timeout", FailureKind.Transient)]
    public async Task New_codes_are_words(int status, string code, FailureKind kind)
    {
        _stub.Answers($$"""{"code":"{{code}}","message":"words","requestid":"R8"}""", status);
        var refused = await Assert.ThrowsAnyAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New), new() { MaxAttempts = 1 }, Cancel));
        Assert.Equal((kind, code, 0, "R8", status), (refused.FailureKind, refused.ErrorCode, refused.Code, refused.LogId, refused.HttpStatus));
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _stub.Answers("""{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"没有权限","requestid":"R","accessdenieddetail":{"requiredScopes":["qyapi_robot_sendmsg"]}}""", 403);
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        Assert.Equal(["qyapi_robot_sendmsg"], refused.MissingScopes);
        Assert.Contains("qyapi_robot_sendmsg", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_platform_s_words_are_masked()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 400, JsonSerializer.Serialize(new { code = "bad", message = $"token {r.Token} secret {DingTalkStub.ClientSecret}" }));
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        Assert.Equal("token *** secret ***", refused.Msg);
        Assert.DoesNotContain("token-number", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DingTalkForm.New, 502, FailureKind.Transient)]
    [InlineData(DingTalkForm.Old, 200, FailureKind.Transient)]
    [InlineData(DingTalkForm.New, 404, FailureKind.NotFound)]
    public async Task A_page_instead_of_json_is_an_error_of_its_own(DingTalkForm form, int status, FailureKind kind)
    {
        _stub.OnCall = (c, _, _) => DingTalkStub.Html(c, status, "<html><body>Bad\r\ngateway</body></html>");
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(form), cancellationToken: Cancel));
        Assert.Equal(kind, refused.FailureKind);
        Assert.Contains("Bad gateway", refused.Message, StringComparison.Ordinal);
        Assert.Single(_stub.Calls);
    }

    [Theory]
    [InlineData("""{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}""", 200)]
    [InlineData("""{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}""", 403)]
    [InlineData("<html><script>window.x5referer='…';punish</script></html>", 200)]
    public async Task A_banned_address_holds_up_every_call(string answer, int status)
    {
        var clock = new ManualTimeProvider();
        _stub.OnCall = (c, _, n) => n == 1 ? DingTalkStub.Html(c, status, answer) : DingTalkStub.Json(c, 200, "{}");
        DingTalkClient client = _stub.Client(o => o.CallTimeout = TimeSpan.FromMinutes(20), clock);
        var banned = await Assert.ThrowsAsync<DingTalkApiException>(() => client.SendAsync(Endpoints.Call(DingTalkForm.New), new() { MaxAttempts = 1 }, Cancel));
        Assert.True(banned.IsAddressBanned);
        Assert.Equal((FailureKind.RateLimited, TimeSpan.FromMinutes(5)), (banned.FailureKind, banned.RetryAfter));

        Task other = client.SendAsync(new DingTalkRequest(Endpoints.New with { Id = "test.other", Path = "/v1.0/other" }), cancellationToken: Cancel);
        await Wait.Until(() => clock.PendingTimers >= 2);
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Single(_stub.Calls);
        clock.Advance(TimeSpan.FromMinutes(0.2));
        await other.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Theory]
    [InlineData("""{"errmsg":"ok"}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"errcode":0,"errcode":1}""")]
    public async Task An_old_answer_without_its_code_promises_nothing(string answer)
    {
        _stub.Answers(answer);
        await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync(Endpoints.Call(DingTalkForm.Old), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_good_answer_of_another_shape_is_told()
    {
        _stub.Answers("""{"result":"text"}""");
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => _stub.Client().SendAsync<Shape>(Endpoints.Call(DingTalkForm.New), cancellationToken: Cancel));
        Assert.Contains("$.result", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_as_a_person_needs_her_token_and_tells_her_own_refusal()
    {
        var request = new DingTalkRequest(Endpoints.New with { Token = DingTalkTokenKind.User });
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stub.Client().SendAsync(request, cancellationToken: Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stub.Client().SendAsync(request, new() { UserAccessToken = "a b" }, Cancel));
        _stub.Answers("""{"code":"InvalidAuthentication","message":"user-token-value"}""", 400);
        var refused = await Assert.ThrowsAsync<DingTalkUserTokenException>(() => _stub.Client().SendAsync(request, new() { UserAccessToken = "user-token-value" }, Cancel));
        Assert.Equal("***", refused.Msg);
        Assert.Empty(_stub.TokenCalls);
        Assert.Single(_stub.Calls);
    }

    private sealed record Shape(int[] Result);
}

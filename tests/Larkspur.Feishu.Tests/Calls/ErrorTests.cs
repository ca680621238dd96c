using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class ErrorTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [InlineData(400, 99992402, FailureKind.Invalid)]
    [InlineData(429, 99991400, FailureKind.RateLimited)]
    [InlineData(400, 99991400, FailureKind.RateLimited)]
    [InlineData(400, 230020, FailureKind.RateLimited)]
    [InlineData(200, 1254290, FailureKind.RateLimited)]
    [InlineData(200, 1254291, FailureKind.Conflict)]
    [InlineData(200, 1254607, FailureKind.Transient)]
    [InlineData(500, 2200, FailureKind.Transient)]
    [InlineData(503, 12345, FailureKind.Transient)]
    [InlineData(400, 99991672, FailureKind.Permission)]
    [InlineData(400, 230013, FailureKind.Permission)]
    [InlineData(403, 12345, FailureKind.Permission)]
    [InlineData(400, 99991543, FailureKind.Authentication)]
    [InlineData(404, 12345, FailureKind.NotFound)]
    [InlineData(400, 99992351, FailureKind.NotFound)]
    [InlineData(200, 12345, FailureKind.Unknown)]
    public async Task A_code_has_a_meaning_whatever_the_HTTP_status(int status, int code, FailureKind kind)
    {
        FeishuApiException refused = await RefusedAsync(status, $$"""{"code":{{code}},"msg":"no"}""");
        Assert.Equal(code, refused.Code);
        Assert.Equal("no", refused.Msg);
        Assert.Equal(status, refused.HttpStatus);
        Assert.Equal(kind, refused.FailureKind);
        Assert.Equal(kind is FailureKind.Transient or FailureKind.RateLimited or FailureKind.Conflict, refused.IsTransient);
        Assert.Equal("test.v1.thing.create", refused.Endpoint);
    }

    [Fact]
    public async Task The_message_says_what_to_do_about_a_code_that_is_known()
    {
        FeishuApiException refused = await RefusedAsync(400, """{"code":230002,"msg":"Bot/User can NOT be out of the chat."}""");
        Assert.EndsWith(" " + FeishuExplanation.Of(230002)!.English, refused.Message, StringComparison.Ordinal);
        FeishuApiException unknown = await RefusedAsync(400, """{"code":987654321,"msg":"no"}""");
        Assert.EndsWith("(HTTP 400, log id none).", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_exhaustion_is_its_own_class()
    {
        FeishuApiException refused = await RefusedAsync(400, """{"code":99991403,"msg":"This month's API call quota has been exceeded"}""");
        Assert.IsType<FeishuQuotaExceededException>(refused);
        Assert.Equal(FailureKind.Quota, refused.FailureKind);
        Assert.False(refused.IsTransient);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData("""{"type":"action_scope_required","subject":"im:message"},{"type":"action_scope_required","subject":"im:message:send"}""", "im:message,im:message:send")]
    [InlineData("""{"scope":"im:message","url":"https://open.feishu.cn/app/cli_a1/auth?q=im:message"}""", "im:message")]
    public async Task Missing_scopes_are_read_in_both_shapes(string violations, string scopes)
    {
        FeishuApiException refused = await RefusedAsync(
            400,
            $$$"""{"code":99991672,"msg":"Access denied.","error":{"permission_violations":[{{{violations}}}],"helps":[{"url":"https://open.feishu.cn/app/cli_a1/auth?q=x","description":"d"}]}}""");
        Assert.Equal(scopes, string.Join(',', refused.MissingScopes));
        Assert.Equal("https://open.feishu.cn/app/cli_a1/auth?q=x", refused.GrantUrl!.OriginalString);
        Assert.Contains(refused.GrantUrl.OriginalString, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_help_the_grant_address_is_the_violation_s_or_made()
    {
        FeishuApiException given = await RefusedAsync(
            400, """{"code":99991672,"msg":"","error":{"permission_violations":[{"scope":"im:chat","url":"https://open.feishu.cn/grant"}]}}""");
        Assert.Equal("https://open.feishu.cn/grant", given.GrantUrl!.OriginalString);

        FeishuApiException made = await RefusedAsync(400, """{"code":99991672,"msg":"Access denied. One of the following scopes is required: [im:message, im:message:send]"}""");
        Assert.Equal(["im:message", "im:message:send"], made.MissingScopes);
        Assert.Equal($"{_platform.Address.AbsoluteUri}app/cli_a1/auth?q=im%3Amessage,im%3Amessage%3Asend&op_from=openapi&token_type=tenant", made.GrantUrl!.OriginalString);
    }

    [Fact]
    public async Task Field_violations_are_listed()
    {
        FeishuApiException refused = await RefusedAsync(
            400,
            """{"code":99992402,"msg":"field validation failed","error":{"log_id":"L1","field_violations":[{"field":"page_size","value":"900","description":"the max value is 100"},{"field":"n","value":5}]}}""");
        Assert.Equal([new("page_size", "900", "the max value is 100"), new("n", "5", "")], refused.FieldViolations);
        Assert.Contains("page_size: the max value is 100", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code":1,"msg":"","error":{"log_id":"L1"}}""", "L1")]
    [InlineData("""{"code":1,"msg":"","error":{"logid":"L2"}}""", "L2")]
    [InlineData("""{"code":1,"msg":""}""", "LH")]
    [InlineData("""{"code":1,"msg":"","error":{"log_id":{"odd":1}}}""", "LH")]
    public async Task The_log_id_comes_from_the_body_or_the_header(string json, string logId)
    {
        FeishuApiException refused = await RefusedAsync(400, json, c => c.Response.Headers["X-Tt-Logid"] = "LH");
        Assert.Equal(logId, refused.LogId);
        Assert.Contains(logId, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OAuth_errors_are_read()
    {
        FeishuApiException refused = await RefusedAsync(400, """{"code":20065,"error":"invalid_grant","error_description":"The code has been used."}""");
        Assert.Equal(20065, refused.Code);
        Assert.Equal("invalid_grant: The code has been used.", refused.Msg);
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
        Assert.Equal("slow_down", (await RefusedAsync(200, """{"error":"slow_down"}""")).Msg);
    }

    [Fact]
    public async Task The_old_word_for_msg_is_read() => Assert.Equal("brand inconsistency", (await RefusedAsync(200, """{"code":20046,"message":"brand inconsistency"}""")).Msg);

    [Theory]
    [InlineData("text/html", "<html>\r\n<h1>502 Bad Gateway</h1></html>", 502)]
    [InlineData("text/plain", "", 500)]
    [InlineData("application/json", "{\"code\":0,\"da", 200)]
    [InlineData("application/json", "[]", 200)]
    [InlineData("application/json", "{}", 200)]
    public async Task An_answer_that_is_not_the_platform_s_json_is_a_clear_error(string type, string body, int status)
    {
        _platform.OnCall = (c, _) =>
        {
            c.Response.StatusCode = status;
            c.Response.ContentType = type;
            return c.Response.WriteAsync(body);
        };
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
        Assert.Equal(status, refused.HttpStatus);
        Assert.Contains($"HTTP {status}", refused.Message, StringComparison.Ordinal);
        if (status == 502) Assert.Contains("<h1>502 Bad Gateway</h1>", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task An_http_error_with_code_0_is_still_an_error()
        => Assert.Equal(FailureKind.Permission, (await RefusedAsync(403, """{"code":0,"msg":"ok","data":{}}""")).FailureKind);

    [Fact]
    public async Task Success_of_another_shape_is_told_as_such_and_not_retried()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """{"code":0,"data":{"count":"many"}}""");
        var problem = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SendAsync<Counted>(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Contains("$.count", problem.Message, StringComparison.Ordinal);
        Assert.Single(_platform.Calls);
    }

    [Theory]
    [InlineData(99991668)]
    [InlineData(99991677)]
    public async Task A_refused_user_token_is_the_caller_s_to_renew(int code)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"msg":"Invalid access token u-secret-token"}""");
        var request = new FeishuRequest(Endpoints.Get with { Tokens = FeishuTokenKinds.User }).WithPath("thing_id", "x");
        var refused = await Assert.ThrowsAsync<FeishuUserTokenException>(
            () => _platform.Client().SendAsync(request, new() { UserAccessToken = "u-secret-token" }, Cancel));
        Assert.Equal(code, refused.Code);
        Assert.Single(_platform.Calls);
        Assert.DoesNotContain("u-secret-token", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_in_no_text()
    {
        _platform.OnToken = (c, r) => StubPlatform.Json(c, 400, """{"code":10015,"msg":"wrong app secret app-secret-value","error":{"field_violations":[{"field":"app_secret","value":"app-secret-value","description":"bad app-secret-value"}]}}""");
        FeishuClient client = _platform.Client();
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
        Assert.Equal("***", refused.FieldViolations[0].Value);
        foreach (string text in new[] { refused.ToString(), client.ToString(), new FeishuCallOptions { UserAccessToken = "u-1" }.ToString(), new AccessToken("t-9", default).ToString() })
        {
            Assert.DoesNotContain("app-secret-value", text, StringComparison.Ordinal);
            Assert.DoesNotContain("u-1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("t-9", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Logs_name_codes_and_log_ids_and_no_secret()
    {
        var lines = new LineLogger();
        _platform.OnCall = (c, n) => n switch
        {
            1 => StubPlatform.Json(c, 400, """{"code":99991663,"msg":"Invalid access token t-1"}"""),
            2 => StubPlatform.Json(c, 429, """{"code":99991400,"msg":"slow t-2","error":{"log_id":"L9"}}"""),
            _ => StubPlatform.Json(c, 400, """{"code":99992402,"msg":"t-2 app-secret-value"}"""),
        };
        var client = new FeishuClient(_platform.Options(), logger: lines, random: new NoJitter());
        FeishuApiException refused = await Assert.ThrowsAsync<FeishuApiException>(() => client.SendAsync(Endpoints.GetThing(), cancellationToken: Cancel));

        Assert.Equal("*** ***", refused.Msg);
        string log = string.Join('\n', lines.Lines);
        Assert.Contains("99991663", log, StringComparison.Ordinal);
        Assert.Contains("L9", log, StringComparison.Ordinal);
        Assert.DoesNotContain("t-1", log, StringComparison.Ordinal);
        Assert.DoesNotContain("t-2", log, StringComparison.Ordinal);
        Assert.DoesNotContain("app-secret-value", log, StringComparison.Ordinal);
    }

    private async Task<FeishuApiException> RefusedAsync(int status, string json, Action<HttpContext>? head = null)
    {
        _platform.OnCall = (c, _) =>
        {
            head?.Invoke(c);
            return StubPlatform.Json(c, status, json);
        };
        return await Assert.ThrowsAnyAsync<FeishuApiException>(
            () => _platform.Client(o => o.MaxAttempts = 1).SendAsync(Endpoints.CreateThing(), cancellationToken: Cancel));
    }

    private sealed record Counted(int Count);

    private sealed class LineLogger : ILogger<FeishuClient>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add($"{formatter(state, exception)} {exception}");
    }
}

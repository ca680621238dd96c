using System.Text.Json;
using Larkspur.Feishu.SignIn;
using Larkspur.Feishu.Tests.Calls;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.SignIn;

/// <summary>Codes and refresh tokens at the platform's token endpoint, against answers as the platform writes them.</summary>
public sealed class ExchangeTests : IAsyncLifetime
{
    private const string Tokens = """
        {"code":0,"access_token":"u-access","expires_in":7200,"refresh_token":"r-next","refresh_token_expires_in":604800,"scope":"auth:user.id:read offline_access","token_type":"Bearer"}
        """;

    private readonly ManualTimeProvider _clock = new();
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_code_is_exchanged_with_everything_that_binds_it()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, Tokens);
        var tokens = await _platform.Client(clock: _clock).SignIn.ExchangeAsync("code-1", new Uri("https://gw.example/back?x=1"), new string('v', 43), Cancel);
        Assert.Equal(("u-access", "r-next"), (tokens.AccessToken, tokens.RefreshToken));
        Assert.Equal((_clock.GetUtcNow().AddSeconds(7200), _clock.GetUtcNow().AddDays(7)), (tokens.ExpiresAt, tokens.RefreshExpiresAt));
        Assert.Equal(["auth:user.id:read", "offline_access"], tokens.Scopes);
        Assert.DoesNotContain("u-access", tokens.ToString(), StringComparison.Ordinal);
        var sent = Assert.Single(_platform.Requests);
        Assert.Equal(("/open-apis/authen/v2/oauth/token", null), (sent.Path, sent.Bearer));
        var body = JsonSerializer.Deserialize<Dictionary<string, string>>(sent.Body)!;
        Assert.Equal(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = "cli_a1", ["client_secret"] = "app-secret-value", ["code"] = "code-1",
            ["redirect_uri"] = "https://gw.example/back?x=1", ["code_verifier"] = new string('v', 43),
        }, body);
    }

    [Theory]
    [InlineData(20003, FeishuSignInProblem.CodeGone)]
    [InlineData(20004, FeishuSignInProblem.CodeGone)]
    [InlineData(20065, FeishuSignInProblem.CodeGone)]
    [InlineData(20024, FeishuSignInProblem.CodeGone)]
    [InlineData(20049, FeishuSignInProblem.WrongVerifier)]
    [InlineData(20066, FeishuSignInProblem.PersonRefused)]
    [InlineData(20010, FeishuSignInProblem.PersonRefused)]
    [InlineData(20071, FeishuSignInProblem.App)]
    [InlineData(20002, FeishuSignInProblem.App)]
    [InlineData(20063, FeishuSignInProblem.Other)]
    public async Task A_refused_code_says_what_to_do_and_is_not_sent_again(int code, FeishuSignInProblem problem)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"error":"invalid_grant","error_description":"code-secret-1 is not good"}""");
        var refused = await Assert.ThrowsAsync<FeishuSignInException>(() => _platform.Client().SignIn.ExchangeAsync("code-secret-1", null, null, Cancel));
        Assert.Equal((problem, code), (refused.Problem, refused.Code));
        Assert.DoesNotContain("code-secret-1", refused.ToString(), StringComparison.Ordinal);
        Assert.Single(_platform.Requests);
    }

    [Theory]
    [InlineData(20026)]
    [InlineData(20037)]
    [InlineData(20064)]
    [InlineData(20073)]
    [InlineData(20024)]
    public async Task A_refresh_token_that_is_gone_is_gone(int code)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 400, $$"""{"code":{{code}},"error":"invalid_grant"}""");
        var refused = await Assert.ThrowsAsync<FeishuSignInException>(() => _platform.Client().SignIn.RefreshAsync("refresh-secret-1", Cancel));
        Assert.Equal(FeishuSignInProblem.RefreshGone, refused.Problem);
        Assert.Single(_platform.Requests);
    }

    [Fact]
    public async Task A_code_whose_answer_is_lost_is_not_sent_again()
    {
        _platform.OnCall = (c, _) =>
        {
            c.Abort();
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<PlatformNetworkException>(() => _platform.Client().SignIn.ExchangeAsync("code-1", null, null, Cancel));
        Assert.Single(_platform.Requests);
    }

    [Theory]
    [InlineData("""{"code":0}""")]
    [InlineData("""{"code":0,"access_token":"","expires_in":7200}""")]
    [InlineData("""{"code":0,"access_token":"u","expires_in":0}""")]
    [InlineData("""{"code":0,"access_token":"u","expires_in":99999999999}""")]
    public async Task An_answer_without_a_token_or_a_life_is_no_sign_in(string answer)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, answer);
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SignIn.ExchangeAsync("code-1", null, null, Cancel));
    }

    [Fact]
    public async Task Who_signed_in_is_known_by_ids_that_stay()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """
            {"code":0,"msg":"success","data":{"name":"艾丽丝","en_name":"Alice","avatar_url":"https://a.example/1.png","open_id":"ou_1","union_id":"on_1","email":"alice@mica.example","user_id":"alice","tenant_key":"tk_1"}}
            """);
        var person = await _platform.Client().SignIn.GetPersonAsync("u-access", Cancel);
        Assert.Equal(("ou_1", "on_1", "tk_1", "alice@mica.example"), (person.OpenId, person.UnionId, person.TenantKey, person.Email));
        Assert.DoesNotContain("alice", person.ToString(), StringComparison.Ordinal);
        Assert.Equal("u-access", Assert.Single(_platform.Requests).Bearer);

        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """{"code":0,"data":{"name":"nobody"}}""");
        await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().SignIn.GetPersonAsync("u-access", Cancel));
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """{"code":20005,"msg":"invalid access token"}""");
        await Assert.ThrowsAsync<FeishuUserTokenException>(() => _platform.Client().SignIn.GetPersonAsync("u-access", Cancel));
    }
}

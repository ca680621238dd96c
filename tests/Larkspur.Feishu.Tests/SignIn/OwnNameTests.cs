using Larkspur.Feishu.SignIn;
using Larkspur.Feishu.Tests.Calls;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.SignIn;

/// <summary>Calls in a person's own name: refreshed in time, once, and never with a token that was spent.</summary>
public sealed class OwnNameTests : IAsyncLifetime
{
    private static readonly FeishuEndpoint Documents = new()
    {
        Id = "docx.v1.document.create", Method = HttpMethod.Get, Path = "/open-apis/docx/v1/documents", Tokens = FeishuTokenKinds.User,
    };

    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryUserTokenStore _store = new();
    private StubPlatform _platform = null!;
    private FeishuUsers _users = null!;
    private FeishuClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await StubPlatform.StartAsync();
        _client = _platform.Client(clock: _clock);
        _users = new FeishuUsers(_client, _store);
        await _users.SaveAsync("ou_1", Of("u-1", "r-1"), Cancel);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_token_is_refreshed_before_it_ends_and_once_for_all_who_wait()
    {
        _platform.OnCall = (c, _) => c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? Fresh(c, "u-2", "r-2") : Ok(c);
        await CallAsync();
        _clock.Advance(TimeSpan.FromMinutes(119));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync()));
        Assert.Single(Refreshes());
        Assert.Equal("u-2", _platform.Calls.Last().Bearer);
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task A_refused_token_is_refreshed_and_the_call_made_once_more()
    {
        _platform.OnCall = (c, _) => c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? Fresh(c, "u-2", "r-2")
            : c.Request.Headers.Authorization == "Bearer u-1" ? StubPlatform.Json(c, 400, """{"code":99991677,"msg":"token expired"}""") : Ok(c);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CallAsync()));
        Assert.Single(Refreshes());
    }

    [Fact]
    public async Task Whoever_took_the_word_back_is_asked_and_their_tokens_are_forgotten()
    {
        _platform.OnCall = (c, _) => c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal)
            ? StubPlatform.Json(c, 400, """{"code":20064,"error":"invalid_grant"}""")
            : StubPlatform.Json(c, 400, """{"code":99991668,"msg":"token revoked"}""");
        var needed = await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(CallAsync);
        Assert.Equal(("ou_1", "docx:document"), (needed.OpenId, Assert.Single(needed.Scopes)));
        Assert.Contains("ou_1", needed.Message, StringComparison.Ordinal);
        Assert.Null(await _store.FindAsync("ou_1", Cancel));
        var before = _platform.Requests.Count;
        await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(CallAsync);
        Assert.Equal(before, _platform.Requests.Count);
    }

    [Fact]
    public async Task What_was_not_allowed_is_asked_for_before_the_platform_is()
    {
        var needed = await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(() => CallAsync("calendar:calendar"));
        Assert.Equal("calendar:calendar", Assert.Single(needed.Scopes));
        Assert.Empty(_platform.Requests);
        Assert.NotNull(await _store.FindAsync("ou_1", Cancel));
        await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(() => CallAsync("docx:document", "ou_stranger"));

        _platform.OnCall = (c, _) => StubPlatform.Json(c, 403, """
            {"code":99991679,"msg":"no scope","error":{"permission_violations":[{"type":"action_scope_required","subject":"docx:document:readonly"}]}}
            """);
        needed = await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(CallAsync);
        Assert.Equal("docx:document:readonly", Assert.Single(needed.Scopes));

        // Said of the token that came by a refresh, too.
        _platform.OnCall = (c, _) => c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? Fresh(c, "u-2", "r-2")
            : c.Request.Headers.Authorization == "Bearer u-1" ? StubPlatform.Json(c, 400, """{"code":99991677,"msg":"token expired"}""")
            : StubPlatform.Json(c, 403, """{"code":99991679,"msg":"no scope"}""");
        needed = await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(CallAsync);
        Assert.Equal("docx:document", Assert.Single(needed.Scopes));
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task A_caller_who_goes_away_in_the_middle_costs_nobody_their_tokens()
    {
        using var ends = new CancellationTokenSource();
        var goOn = new TaskCompletionSource();
        _platform.OnCall = async (c, _) =>
        {
            if (!c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal))
            {
                await Ok(c);
                return;
            }

            // The platform has spent the refresh token; its answer is on its way when the caller goes.
            await ends.CancelAsync();
            await goOn.Task;
            await Fresh(c, "u-2", "r-2");
        };
        _clock.Advance(TimeSpan.FromMinutes(119));
        var call = _users.AsAsync("ou_1", ["docx:document"],
            options => _client.SendAsync<System.Text.Json.JsonElement>(new FeishuRequest(Documents), options, ends.Token), ends.Token);
        goOn.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task What_was_taken_back_during_a_refresh_stays_taken_back()
    {
        _platform.OnCall = async (c, _) =>
        {
            if (c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal))
            {
                await _store.RemoveAsync("ou_1", (await _store.FindAsync("ou_1", Cancel))!, Cancel);
                await Fresh(c, "u-2", "r-2");
            }
            else
            {
                await Ok(c);
            }
        };
        _clock.Advance(TimeSpan.FromMinutes(119));
        await CallAsync();
        Assert.Null(await _store.FindAsync("ou_1", Cancel));
    }

    [Fact]
    public async Task A_late_refresh_with_a_spent_token_takes_those_that_others_have_renewed()
    {
        var renewed = (await _store.FindAsync("ou_1", Cancel))! with
        {
            AccessToken = "u-2", RefreshToken = "r-2", ExpiresAt = _clock.GetUtcNow().AddHours(4),
        };
        _platform.OnCall = async (c, _) =>
        {
            if (c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal))
            {
                // Another process, whose lock came after this one's, which stood still.
                await _store.SaveAsync("ou_1", renewed, Cancel);
                await StubPlatform.Json(c, 400, """{"code":20073,"error":"invalid_grant","error_description":"used"}""");
            }
            else
            {
                await Ok(c);
            }
        };
        _clock.Advance(TimeSpan.FromMinutes(119));
        await CallAsync();
        Assert.Equal("u-2", _platform.Calls.Last().Bearer);
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task One_endpoint_that_refuses_a_good_token_ends_nothing()
    {
        _platform.OnCall = (c, _) => c.Request.Path.Value switch
        {
            { } path when path.EndsWith("/token", StringComparison.Ordinal) => Fresh(c, "u-2", "r-2"),
            "/open-apis/authen/v1/user_info" => StubPlatform.Json(c, 200,
                """{"code":0,"data":{"open_id":"ou_1","union_id":"on_1","tenant_key":"t"}}"""),
            _ => StubPlatform.Json(c, 400, """{"code":99991668,"msg":"Invalid access token"}"""),
        };
        await Assert.ThrowsAsync<FeishuUserTokenException>(CallAsync);
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task A_refresh_whose_answer_is_lost_is_tried_once_more()
    {
        _clock.Advance(TimeSpan.FromMinutes(119));
        var asked = 0;
        _platform.OnCall = (c, _) =>
        {
            if (!c.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal)) return Ok(c);
            if (Interlocked.Increment(ref asked) == 2) return Fresh(c, "u-2", "r-2");
            c.Abort();
            return Task.CompletedTask;
        };
        await CallAsync();
        Assert.Equal(2, asked);
        // Both lost: what was kept stays, nobody is sent away.
        _clock.Advance(TimeSpan.FromMinutes(119));
        asked = 10;
        await Assert.ThrowsAsync<PlatformNetworkException>(CallAsync);
        Assert.Equal("r-2", (await _store.FindAsync("ou_1", Cancel))!.RefreshToken);
    }

    [Fact]
    public async Task Without_a_refresh_token_the_person_is_asked_when_the_token_ends()
    {
        await _users.SaveAsync("ou_1", Of("u-1", null), Cancel);
        _clock.Advance(TimeSpan.FromMinutes(119));
        await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(CallAsync);
        Assert.Empty(_platform.Requests);
    }

    private Task CallAsync() => CallAsync("docx:document");

    private Task CallAsync(string scope, string person = "ou_1") => _users.AsAsync(person, [scope], async options =>
    {
        await _client.SendAsync(new FeishuRequest(Documents), options, Cancel);
        return true;
    }, Cancel);

    private IEnumerable<StubRequest> Refreshes() => _platform.Requests.Where(r => r.Path.EndsWith("/token", StringComparison.Ordinal));

    private FeishuUserTokens Of(string access, string? refresh) => new()
    {
        AccessToken = access, ExpiresAt = _clock.GetUtcNow().AddHours(2), RefreshToken = refresh, Scopes = ["docx:document", "offline_access"],
    };

    private static Task Ok(Microsoft.AspNetCore.Http.HttpContext c) => StubPlatform.Json(c, 200, """{"code":0,"data":{}}""");

    private static Task Fresh(Microsoft.AspNetCore.Http.HttpContext c, string access, string refresh) => StubPlatform.Json(c, 200, $$"""
        {"code":0,"access_token":"{{access}}","expires_in":7200,"refresh_token":"{{refresh}}","refresh_token_expires_in":604800,"scope":"docx:document offline_access","token_type":"Bearer"}
        """);
}

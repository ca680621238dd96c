using System.Text.Json;

namespace Larkspur.WeCom.Tests.Calls;

/// <summary>One token for all calls, renewed once, and a wrong secret is never tried again by itself.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private static readonly WeComEndpoint Thing = WeComEndpoint.Write("thing.do", "/cgi-bin/thing/do");

    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await StubWeCom.StartAsync();
        _platform.Post("/cgi-bin/thing/do", _ => """{"errcode":0,"errmsg":"ok","value":"7"}""");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Many_calls_at_once_fetch_one_token()
    {
        WeComClient client = _platform.Client();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel)));
        Assert.Single(_platform.TokenCalls);
        Assert.Equal(20, _platform.Calls.Count());
        Assert.All(_platform.Calls, c => Assert.Equal("token-1", c.Query["access_token"]));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        var clock = new ManualTimeProvider();
        WeComClient client = _platform.Client(clock: clock);
        await client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel);
        clock.Advance(TimeSpan.FromSeconds(7190));
        await client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel);
        Assert.Equal(2, _platform.TokenCalls.Count());
        Assert.Equal("token-2", _platform.Calls.Last().Query["access_token"]);
    }

    [Theory]
    [InlineData(40014)]
    [InlineData(42001)]
    [InlineData(40001)]
    public async Task A_refused_token_is_fetched_anew_once_even_for_a_write(int code)
    {
        _platform.RefuseToken = (code, 1);
        JsonElement answer = await _platform.Client().SendAsync<JsonElement>(new WeComRequest(Thing), cancellationToken: Cancel);
        Assert.Equal("7", answer.GetProperty("value").GetString());
        Assert.Equal(2, _platform.TokenCalls.Count());
        Assert.Equal(2, _platform.Calls.Count());
    }

    [Fact]
    public async Task A_token_that_is_refused_again_is_an_error_and_the_text_does_not_show_it()
    {
        _platform.RefuseToken = (42001, 9);
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => _platform.Client().SendAsync(new WeComRequest(Thing), cancellationToken: Cancel));
        Assert.Equal(42001, refused.Code);
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
        Assert.Equal(2, _platform.Calls.Count());
        Assert.DoesNotContain("token-", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_asked_for_once_until_the_pause_is_over()
    {
        var clock = new ManualTimeProvider();
        _platform.RightSecret = "another";
        WeComClient client = _platform.Client(clock: clock);
        WeComApiException first = await Assert.ThrowsAsync<WeComApiException>(() => client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel));
        Assert.Equal(40001, first.Code);
        Assert.DoesNotContain(StubWeCom.Secret, first.ToString(), StringComparison.Ordinal);
        WeComApiException second = await Assert.ThrowsAsync<WeComApiException>(() => client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel));
        Assert.Equal(40001, second.Code);
        Assert.Single(_platform.TokenCalls);

        _platform.RightSecret = StubWeCom.Secret;
        clock.Advance(TimeSpan.FromMinutes(6));
        await client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel);
        Assert.Equal(2, _platform.TokenCalls.Count());
    }

    [Fact]
    public async Task A_wrong_corp_is_not_retried()
    {
        WeComClient client = _platform.Client(o => o.CorpId = "wwother");
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => client.SendAsync(new WeComRequest(Thing), cancellationToken: Cancel));
        Assert.Equal(40013, refused.Code);
        Assert.Single(_platform.TokenCalls);
        Assert.Empty(_platform.Calls);
    }
}

using System.Net;
using Larkspur.Emulator;
using Larkspur.Feishu.SignIn;
using Larkspur.Feishu.Tests.Calls;
using Larkspur.Testing;

namespace Larkspur.Feishu.Tests.SignIn;

/// <summary>Sign-in against the emulated platform, which was written from the facts by itself.</summary>
public sealed class EmulatedSignInTests : IAsyncLifetime
{
    private static readonly Uri Back = new("https://gw.mica.example/sign-in/feishu/callback");

    private readonly ManualTimeProvider _clock = new();
    private EmulatorApp _emulator = null!;
    private FeishuClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RealTime = _clock, RateLimitFactor = 0 });
        _client = new FeishuClient(new FeishuOptions
        {
            AppId = EmulatorApp.AppId, AppSecret = EmulatorSettings.DefaultAppSecret, BaseUrl = _emulator.BaseUrl,
        }, clock: _clock, random: new NoJitter());
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Alice_signs_in_and_acts_in_her_own_name_until_she_takes_her_word_back()
    {
        var pkce = PkcePair.New();
        var page = new FeishuLoginPage { Offline = true, Challenge = pkce.Challenge };
        var code = await CodeAsync("alice", page);
        var wrong = await Assert.ThrowsAsync<FeishuSignInException>(() => _client.SignIn.ExchangeAsync(code, Back, PkcePair.New().Verifier, Cancel));
        Assert.Equal(FeishuSignInProblem.WrongVerifier, wrong.Problem);
        var tokens = await _client.SignIn.ExchangeAsync(code, Back, pkce.Verifier, Cancel);
        var alice = await _client.SignIn.GetPersonAsync(tokens.AccessToken, Cancel);
        Assert.Equal("艾丽丝", alice.Name);
        Assert.Equal(FeishuSignInProblem.CodeGone, (await Assert.ThrowsAsync<FeishuSignInException>(() =>
            _client.SignIn.ExchangeAsync(code, Back, pkce.Verifier, Cancel))).Problem);

        var users = new FeishuUsers(_client, new MemoryUserTokenStore());
        await users.SaveAsync(alice.OpenId, tokens, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(119));
        var again = await users.AsAsync(alice.OpenId, [], o => _client.SignIn.GetPersonAsync(o.UserAccessToken!, Cancel), Cancel);
        Assert.Equal(alice.UnionId, again.UnionId);
        // The first refresh token was spent by that.
        Assert.Equal(FeishuSignInProblem.RefreshGone, (await Assert.ThrowsAsync<FeishuSignInException>(() =>
            _client.SignIn.RefreshAsync(tokens.RefreshToken!, Cancel))).Problem);
        await _emulator.ControlAsync(HttpMethod.Delete, "tokens?as=alice");
        await Assert.ThrowsAsync<FeishuAuthorizationNeededException>(() =>
            users.AsAsync(alice.OpenId, [], o => _client.SignIn.GetPersonAsync(o.UserAccessToken!, Cancel), Cancel));
    }

    [Fact]
    public async Task Who_refuses_or_has_left_is_not_signed_in()
    {
        var denied = FeishuLoginAnswer.Read((await VisitAsync("alice", null, "deny")).Query, "s-1");
        Assert.Equal((FeishuLoginOutcome.Refused, "access_denied"), (denied.Outcome, denied.Error));
        var code = await CodeAsync("bob", null);
        await _emulator.ControlAsync(HttpMethod.Delete, "people/bob");
        Assert.Equal(FeishuSignInProblem.PersonRefused, (await Assert.ThrowsAsync<FeishuSignInException>(() =>
            _client.SignIn.ExchangeAsync(code, Back, null, Cancel))).Problem);
    }

    [Fact]
    public async Task A_code_is_bound_to_its_redirect_its_app_and_its_five_minutes()
    {
        var code = await CodeAsync("alice", null);
        Assert.Equal(FeishuSignInProblem.App, (await Assert.ThrowsAsync<FeishuSignInException>(() =>
            _client.SignIn.ExchangeAsync(code, new Uri("https://evil.example/"), null, Cancel))).Problem);
        var badSecret = new FeishuClient(new FeishuOptions { AppId = EmulatorApp.AppId, AppSecret = "another-secret", BaseUrl = _emulator.BaseUrl }, clock: _clock);
        Assert.Equal(FeishuSignInProblem.App, (await Assert.ThrowsAsync<FeishuSignInException>(() => badSecret.SignIn.ExchangeAsync(code, Back, null, Cancel))).Problem);
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(FeishuSignInProblem.CodeGone, (await Assert.ThrowsAsync<FeishuSignInException>(() => _client.SignIn.ExchangeAsync(code, Back, null, Cancel))).Problem);
    }

    [Fact]
    public async Task A_redirect_that_is_not_registered_leads_nowhere()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { redirect_uris = new[] { "https://gw.mica.example/other" } });
        using var answer = await _emulator.Http.GetAsync(_client.SignIn.Address(Back, "s-1"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    private async Task<string> CodeAsync(string who, FeishuLoginPage? page)
    {
        var answer = FeishuLoginAnswer.Read((await VisitAsync(who, page, "allow")).Query, "s-1");
        Assert.Equal(FeishuLoginOutcome.SignedIn, answer.Outcome);
        return answer.Code!;
    }

    /// <summary>Somebody decides on the page; where that leads.</summary>
    private async Task<Uri> VisitAsync(string who, FeishuLoginPage? page, string decision)
    {
        var address = $"{_client.SignIn.Address(Back, "s-1", page)}&as={who}&decision={decision}";
        using var answer = await _emulator.Http.GetAsync(new Uri(address), Cancel);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync(Cancel));
        return answer.Headers.Location;
    }
}

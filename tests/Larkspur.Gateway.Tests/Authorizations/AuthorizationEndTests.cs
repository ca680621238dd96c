using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>What ends an authorization, and what does not.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AuthorizationEndTests : IAsyncLifetime
{
    private AuthorizationFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await AuthorizationFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task Tokens_that_the_platform_ends_are_forgotten_and_asked_for_anew()
    {
        await GivenAsync();
        // The platform tells it by an event, which ends it here before anybody calls.
        await _on.Emulator.ControlAsync(HttpMethod.Delete, "tokens");
        await _on.HoldsAsync(async () => await _on.TokensAsync() == 0 && (await _on.StatesAsync()) is ["ended"], "the end");
        Assert.Equal("revoked", (await _on.RowsAsync("SELECT ended_why FROM user_authorization", r => r.GetString(0)))[0]);
        await _on.SayAsync("/agenda");
        await _on.AllowAsync(await _on.LinkAsync(after: 1));
        await _on.HoldsAsync(() => _on.Sent().Count(m => m.Contains("周会", StringComparison.Ordinal)) == 2, "the second agenda");
    }

    [Fact]
    public async Task A_late_event_says_nothing_of_what_was_given_since_and_open_questions_outlive_the_tokens()
    {
        await GivenAsync();
        var asked = await _on.Gateway.PostRestAsync("/authorizations",
            new { to = new { email = "bob@mica.example" }, scopes = new[] { "docx:document:readonly" }, reason = "x" });
        Assert.Equal(201, asked.Status);
        var late = new FeishuPush { CreatedAt = DateTimeOffset.UtcNow.AddHours(-1) };
        var id = FeishuPush.NewId("ev");
        Assert.Equal(200, (await late.SendAsync(_on.Gateway, "auth.user_access_token.revoked_v4",
            $$"""{"open_id":"{{AuthorizationFixture.OpenId("bob")}}","revoke_token_type":"user_access_token refresh_token"}""", id)).Status);
        await _on.Gateway.OutcomeAsync(id);
        Assert.Equal(["given", "waiting"], await _on.StatesAsync());
        await _on.Emulator.ControlAsync(HttpMethod.Delete, "tokens");
        await _on.HoldsAsync(async () => (await _on.StatesAsync()) is ["ended", "waiting"], "the end of what was given alone");
    }

    [Fact]
    public async Task Whoever_is_shut_out_is_called_for_by_nobody()
    {
        await GivenAsync();
        var person = (await _on.Gateway.GetRestAsync("/people?platform=feishu")).Items.Single().GetProperty("id").GetString();
        Assert.Equal(200, (await _on.Gateway.PostRestAsync($"/people/{person}/disable", null)).Status);
        Assert.Equal(["ended"], await _on.StatesAsync());
        Assert.Equal(0, await _on.TokensAsync());
        Assert.Equal("left", (await _on.RowsAsync("SELECT ended_why FROM user_authorization", r => r.GetString(0)))[0]);
        // Nothing opens again when they are let in.
        Assert.Equal(200, (await _on.Gateway.PostRestAsync($"/people/{person}/enable", null)).Status);
        Assert.Equal(["ended"], await _on.StatesAsync());
    }

    [Fact]
    public async Task An_access_token_that_ended_is_renewed_once_and_nobody_is_asked()
    {
        await GivenAsync();
        var before = await _on.CallsAsync("/authen/v2/oauth/token");
        await _on.Emulator.AdvanceAsync(TimeSpan.FromHours(3));
        await _on.SayAsync("/agenda");
        await _on.HoldsAsync(() => _on.Sent().Count(m => m.Contains("Today, ", StringComparison.Ordinal)) == 2, "the second agenda");
        Assert.Equal(before + 1, await _on.CallsAsync("/authen/v2/oauth/token"));
        Assert.Single(_on.Links());
    }

    [Fact]
    public async Task A_refresh_token_that_ended_means_that_the_person_is_asked_anew()
    {
        await GivenAsync();
        await _on.Emulator.AdvanceAsync(TimeSpan.FromDays(40));
        await _on.SayAsync("/agenda");
        await _on.LinkAsync(after: 1);
        Assert.Equal(["ended", "waiting"], await _on.StatesAsync());
        Assert.Equal(0, await _on.TokensAsync());
    }

    [Fact]
    public async Task Nobody_takes_back_what_is_anothers()
    {
        await GivenAsync();
        var id = (await _on.RowsAsync("SELECT id FROM user_authorization", r => r.GetString(0)))[0];
        using var browser = _on.Browser();
        Assert.Equal("/sign-in", (await browser.GetAsync("/authorizations")).Location!.AbsolutePath);
        await browser.PostAsync("/authorizations", [new("id", id)]);
        await browser.SignInAsync("feishu", "alice");
        Assert.True((await browser.GetAsync("/authorizations")).Says("You have not allowed anything"));
        await browser.PostAsync("/authorizations", [new("id", id)]);
        await browser.SignInAsync("feishu", "bob", again: true);
        // Another site does not either.
        await browser.PostAsync("/authorizations", [new("id", id)], ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(["given"], await _on.StatesAsync());
    }

    [Fact]
    public async Task A_key_ring_that_is_lost_asks_the_person_again()
    {
        await GivenAsync();
        await _on.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("UPDATE user_token SET sealed = 'CfDJ8' || sealed");
        }, TestContext.Current.CancellationToken);
        await _on.SayAsync("/agenda");
        await _on.LinkAsync(after: 1);
        Assert.Contains("cannot be decrypted", _on.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    private async Task GivenAsync()
    {
        await _on.SayAsync("/agenda");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("周会");
    }
}

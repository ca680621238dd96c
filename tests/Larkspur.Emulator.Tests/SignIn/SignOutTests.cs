using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>How tokens of people end before their time, and what the app hears of it.</summary>
public sealed class SignOutTests : SignInTest
{
    private const string Type = "auth.user_access_token.revoked_v4";
    private EventReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await EventReceiver.StartAsync();
        await Emulator.SetCallbackAsync(_receiver.Url);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_administrator_ends_everybodys_tokens_and_the_app_is_told()
    {
        var tokens = await SignedInAsync(scope: "offline_access");
        Assert.Equal(1, (await Emulator.ControlAsync(HttpMethod.Delete, "tokens"))["ended"]!.GetValue<int>());
        var told = (await _receiver.NextAsync(Type)).Event;
        Assert.Equal(("user_access_token refresh_token", "Revoked by administrator action."), (told["revoke_token_type"]!.GetValue<string>(), told["revoke_reason"]!.GetValue<string>()));
        Assert.Equal((WireIds.OpenId(EmulatorApp.AppId, "alice"), "alice"), (told["open_id"]!.GetValue<string>(), told["user_id"]!.GetValue<string>()));
        Assert.Equal(20005, (await UserInfoAsync(Said(tokens, "access_token"))).Code);
        Refused(await RefreshAsync(Said(tokens, "refresh_token")), 20064);
        Assert.Equal(0, (await Emulator.ControlAsync(HttpMethod.Delete, "tokens"))["ended"]!.GetValue<int>());
    }

    [Fact]
    public async Task One_person_takes_back_what_they_granted()
    {
        var (alice, bob) = (await SignedInAsync(scope: "contact:user.email:readonly"), await SignedInAsync("bob"));
        var app = await Emulator.TenantTokenAsync();
        await Emulator.ControlAsync(HttpMethod.Delete, "tokens?as=alice&reason=user");
        Assert.Equal(("user_access_token", "Revoked by user action."), await ToldAsync());
        Assert.Equal(20005, (await UserInfoAsync(Said(alice, "access_token"))).Code);
        Assert.Equal(0, (await UserInfoAsync(Said(bob, "access_token"))).Code);
        Assert.Equal(0, (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", app)).Code);
        Assert.Equal("", Said(await SignedInAsync(), "scope"));
    }

    [Fact]
    public async Task A_refresh_token_can_end_alone()
    {
        var tokens = await SignedInAsync(scope: "offline_access");
        await Emulator.ControlAsync(HttpMethod.Delete, "tokens?as=alice&only=refresh_token&reason=security");
        Assert.Equal(("refresh_token", "Revoked by security and risk control action."), await ToldAsync());
        Assert.Equal(0, (await UserInfoAsync(Said(tokens, "access_token"))).Code);
        Refused(await RefreshAsync(Said(tokens, "refresh_token")), 20064);
    }

    [Fact]
    public async Task Who_leaves_takes_their_tokens_along_and_does_not_bring_them_back()
    {
        var tokens = await SignedInAsync(scope: "offline_access contact:contact.base:readonly");
        await Emulator.ControlAsync(HttpMethod.Delete, "people/alice");
        Assert.Equal(("user_access_token refresh_token", "Revoked by administrator action."), await ToldAsync());
        var contact = "/open-apis/contact/v3/users/" + WireIds.OpenId(EmulatorApp.AppId, "bob");
        Assert.Equal(99991668, (await Emulator.CallAsync(HttpMethod.Get, contact, Said(tokens, "access_token"))).Code);
        await PersonAsync("alice", new { status = "active" });
        Assert.Equal(99991668, (await Emulator.CallAsync(HttpMethod.Get, contact, Said(tokens, "access_token"))).Code);
        Refused(await RefreshAsync(Said(tokens, "refresh_token")), 20064);
    }

    [Fact]
    public async Task An_app_without_the_scope_for_it_hears_nothing()
    {
        await AppAsync(new { granted_scopes = new[] { "contact:contact.base:readonly" } });
        await SignedInAsync();
        await Emulator.ControlAsync(HttpMethod.Delete, "tokens?as=alice");
        await AppAsync(new { granted_scopes = (string[]?)null });
        await SignedInAsync("bob");
        await Emulator.ControlAsync(HttpMethod.Delete, "tokens?as=bob");
        Assert.Equal(WireIds.OpenId(EmulatorApp.AppId, "bob"), (await _receiver.NextAsync(Type)).Event["open_id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("tokens?as=mallory", 400)]
    [InlineData("tokens?reason=spite", 400)]
    [InlineData("tokens?only=access", 400)]
    [InlineData("tokens?who=alice", 400)]
    [InlineData("tokens?app_id=cli_nobody", 404)]
    public async Task A_mistaken_call_ends_nothing(string call, int status)
    {
        var token = Said(await SignedInAsync(), "access_token");
        Assert.Equal(status, (await Emulator.TryControlAsync(HttpMethod.Delete, call)).Status);
        Assert.Equal(0, (await UserInfoAsync(token)).Code);
    }

    private async Task<(string Types, string Reason)> ToldAsync()
    {
        var told = (await _receiver.NextAsync(Type)).Event;
        return (told["revoke_token_type"]!.GetValue<string>(), told["revoke_reason"]!.GetValue<string>());
    }
}

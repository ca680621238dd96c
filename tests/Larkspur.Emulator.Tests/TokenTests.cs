using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

/// <summary>Token lifetimes on the virtual clock.</summary>
public sealed class TokenTests
{
    private static readonly BotApp Store = new()
    {
        AppId = "cli_5704e00000000000", AppSecret = "store-secret", Name = "Shop", EnName = "Shop", Kind = AppKind.Store,
        VerificationToken = "vt", EncryptKey = EmulatorSettings.DefaultEncryptKey,
    };

    [Fact]
    public async Task The_same_token_comes_back_until_30_minutes_are_left_and_then_two_are_valid()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider() });
        var first = await IssueAsync(emulator);
        Assert.Equal(7200, first.Expire);

        await emulator.AdvanceAsync(TimeSpan.FromMinutes(89));
        var same = await IssueAsync(emulator);
        Assert.Equal(first.Token, same.Token);
        Assert.Equal(1860, same.Expire);

        await emulator.AdvanceAsync(TimeSpan.FromMinutes(2));
        var second = await IssueAsync(emulator);
        Assert.NotEqual(first.Token, second.Token);
        Assert.Equal(7200, second.Expire);
        Assert.Equal(0, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", first.Token)).Code);
        Assert.Equal(0, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", second.Token)).Code);

        await emulator.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal(99991663, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", first.Token)).Code);
        Assert.Equal(0, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", second.Token)).Code);
    }

    [Theory]
    [InlineData("""{"app_id":"cli_a1b2c3d4e5f60718","app_secret":"wrong"}""", 10015)]
    [InlineData("""{"app_id":"cli_0000000000000000","app_secret":"x"}""", 10003)]
    [InlineData("""{"app_id":"cli_a1b2c3d4e5f60718"}""", 10003)]
    [InlineData("{}", 10003)]
    public async Task Wrong_credentials_have_the_old_familys_codes(string body, long code)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        Assert.Equal(code, (await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal", null, body)).Code);
    }

    [Fact]
    public async Task A_self_built_apps_app_token_is_its_tenant_token_and_a_closing_slash_is_tolerated()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var reply = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/app_access_token/internal/", null,
            new { app_id = EmulatorApp.AppId, app_secret = EmulatorSettings.DefaultAppSecret });
        Assert.Equal(reply.Json["app_access_token"]!.GetValue<string>(), reply.Json["tenant_access_token"]!.GetValue<string>());
        Assert.Equal("ok", reply.Json["msg"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_store_app_comes_to_a_tenant_token_by_its_pushed_ticket()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await using var emulator = await EmulatorApp.StartAsync(s => s with { Apps = [EmulatorApp.DefaultApp, Store with { CallbackUrl = receiver.Url }] });
        var bad = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/app_access_token", null, new { app_id = Store.AppId, app_secret = Store.AppSecret, app_ticket = "old" });
        Assert.Equal(10012, bad.Code);
        var internalCall = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal", null, new { app_id = Store.AppId, app_secret = Store.AppSecret });
        Assert.Equal(10014, internalCall.Code);

        Assert.Equal(0, (await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/app_ticket/resend", null, new { app_id = Store.AppId, app_secret = Store.AppSecret })).Code);
        var pushed = await receiver.NextAsync("app_ticket");
        Assert.Equal("event_callback", pushed.Json["type"]!.GetValue<string>());
        Assert.Equal(Store.AppId, pushed.Event["app_id"]!.GetValue<string>());

        var app = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/app_access_token", null,
            new { app_id = Store.AppId, app_secret = Store.AppSecret, app_ticket = pushed.Event["app_ticket"]!.GetValue<string>() });
        var appToken = app.Json["app_access_token"]!.GetValue<string>();
        Assert.StartsWith("a-", appToken, StringComparison.Ordinal);
        var tenant = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token", null, new { app_access_token = appToken, tenant_key = Store.TenantKey });
        Assert.Equal(0, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", tenant.Json["tenant_access_token"]!.GetValue<string>())).Code);
        Assert.Equal(99991664, (await emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", appToken)).Code);

        await emulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("app_ticket", (await receiver.NextAsync("app_ticket")).Type);
    }

    private static async Task<(string Token, int Expire)> IssueAsync(EmulatorApp emulator)
    {
        var reply = await emulator.CallAsync(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal", null,
            new { app_id = EmulatorApp.AppId, app_secret = EmulatorSettings.DefaultAppSecret });
        return (reply.Json["tenant_access_token"]!.GetValue<string>(), reply.Json["expire"]!.GetValue<int>());
    }
}

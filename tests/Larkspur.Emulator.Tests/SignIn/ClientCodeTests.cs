using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>Silent signing in from a page inside the client.</summary>
public sealed class ClientCodeTests : SignInTest
{
    [Fact]
    public async Task RequestAccess_gives_a_code_for_three_minutes()
    {
        var answer = await Emulator.ActAsync(new { @as = "alice", @do = "request_access", scopes = new[] { "contact:user.email:readonly", "offline_access" }, state = "s1" });
        Assert.Equal("s1", answer["state"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(179));
        var tokens = await ExchangeAsync(Code(answer));
        Assert.Equal("contact:user.email:readonly offline_access", Said(tokens, "scope"));
        Refused(await ExchangeAsync(Code(answer)), 20065);
        var late = await Emulator.ActAsync(new { @as = "alice", @do = "request_access" });
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(3));
        Refused(await ExchangeAsync(Code(late)), 20004);
    }

    [Fact]
    public async Task RequestAuthCode_gives_one_for_five()
    {
        var answer = await Emulator.ActAsync(new { @as = "bob", @do = "request_auth_code" });
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.Equal("鲍勃", (await UserInfoAsync(Said(await ExchangeAsync(Code(answer)), "access_token"))).Data["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_code_of_one_app_is_worth_nothing_for_another()
    {
        await AddOtherAppAsync();
        Refused(await ExchangeAsync(Code(await Emulator.ActAsync(new { @as = "alice", @do = "request_access", app_id = OtherApp }))), 20024);
    }

    [Fact]
    public async Task The_page_hears_the_clients_own_errors()
    {
        await AppAsync(new { redirect_uris = new[] { "https://app.example/h5" }, granted_scopes = new[] { "offline_access" } });
        Assert.Equal(10236, Errno(await Emulator.ActAsync(new { @as = "alice", @do = "request_access", page_url = "https://app.example/other" })));
        Assert.NotNull(Code(await Emulator.ActAsync(new { @as = "alice", @do = "request_access", page_url = "https://app.example/h5?x=1#y" })));
        Assert.Equal(2700002, Errno(await Emulator.ActAsync(new { @as = "alice", @do = "request_access", deny = true })));
        Assert.Equal(20027, Errno(await Emulator.ActAsync(new { @as = "alice", @do = "request_access", scopes = new[] { "im:chat" } })));
        await AppAsync(new { redirect_uris = Array.Empty<string>() });
        Assert.Equal(10235, Errno(await Emulator.ActAsync(new { @as = "alice", @do = "request_auth_code" })));
        await AppAsync(new { available_to = new[] { "bob" } });
        Assert.Equal(10228, Errno(await Emulator.ActAsync(new { @as = "alice", @do = "request_auth_code" })));
        await PersonAsync("bob", new { status = "frozen" });
        Assert.Equal(10207, Errno(await Emulator.ActAsync(new { @as = "bob", @do = "request_auth_code" })));
    }

    private static string Code(JsonObject answer) => answer["code"]?.GetValue<string>() ?? throw new InvalidOperationException(answer.ToJsonString());

    private static long Errno(JsonObject answer) => answer["ok"]!.GetValue<bool>() ? 0 : answer["error"]!["code"]!.GetValue<long>();
}

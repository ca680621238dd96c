using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

/// <summary>Somebody of another company, whose <c>user_id</c> there is a member's here.</summary>
public sealed class GuestTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _receiver = await EventReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_guest_writes_under_their_own_company_and_stands_in_no_directory()
    {
        await _emulator.SetCallbackAsync(_receiver.Url);
        var made = await _emulator.ControlAsync(HttpMethod.Post, "guests", new { user_id = "alice", tenant_key = "globex" });
        var guest = made["person"]!.GetValue<string>();
        await _emulator.ActAsync(new { @as = guest, @do = "send", text = "hello" });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello too" });
        Delivery[] events = [await _receiver.NextAsync("im.message.receive_v1"), await _receiver.NextAsync("im.message.receive_v1")];
        var senders = events.Select(e => e.Event["sender"]!).ToDictionary(s => s["tenant_key"]!.GetValue<string>() == "globex");
        Assert.Equal(["alice", "alice"], senders.Values.Select(s => s["sender_id"]!["user_id"]!.GetValue<string>()));
        var (theirs, ours) = (OpenId(senders[true]), OpenId(senders[false]));
        Assert.NotEqual(theirs, ours);
        Assert.Equal(events[0].Json["header"]!["tenant_key"]!.GetValue<string>(), senders[false]["tenant_key"]!.GetValue<string>());

        Assert.Equal((true, false), (await IsShownAsync(ours), await IsShownAsync(theirs)));
    }

    [Theory]
    [InlineData("alice", "")]
    [InlineData("a b", "globex")]
    [InlineData("alice", "2ed263bf32cf1651")]
    public async Task A_guest_is_of_another_company(string user, string tenant)
    {
        var (status, _) = await _emulator.TryControlAsync(HttpMethod.Post, "guests", new { user_id = user, tenant_key = tenant });
        Assert.Equal(400, status);
    }

    private async Task<bool> IsShownAsync(string openId)
    {
        var path = $"/open-apis/contact/v3/users/{openId}?user_id_type=open_id";
        return (await _emulator.CallAsync(HttpMethod.Get, path, await _emulator.TenantTokenAsync())).Json["code"]!.GetValue<int>() == 0;
    }

    private static string OpenId(JsonNode sender) => sender["sender_id"]!["open_id"]!.GetValue<string>();
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Company;

/// <summary>A user_id changes, and its former one goes to somebody else.</summary>
public sealed class RenamedPersonTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        _emulator = await EmulatorApp.StartAsync(s => s with { Apps = [EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url }] });
        await _emulator.ControlAsync(HttpMethod.Patch, "people/alice", new { user_id = "alice.wang" });
        await _emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "alice", name = "另一个", mobile = "+8613700000000" });
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Each_keeps_ids_of_their_own()
    {
        var renamed = (await _receiver.NextAsync("contact.user.updated_v3")).Event;
        Assert.Equal(("alice", "alice.wang"),
            (renamed["old_object"]!["user_id"]!.GetValue<string>(), renamed["object"]!["user_id"]!.GetValue<string>()));
        var (old, newcomer) = (await UserAsync("alice.wang"), await UserAsync("alice"));
        Assert.Equal(("艾丽丝", WireIds.OpenId(EmulatorApp.AppId, "alice")),
            (old["name"]!.GetValue<string>(), old["open_id"]!.GetValue<string>()));
        Assert.Equal("另一个", newcomer["name"]!.GetValue<string>());
        Assert.NotEqual(old["union_id"]!.GetValue<string>(), newcomer["union_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Each_speaks_for_themselves()
    {
        await _emulator.ActAsync(new { @as = "alice.wang", @do = "send", text = "old" });
        var old = (await _receiver.NextAsync("im.message.receive_v1")).Event;
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "new" });
        var newcomer = (await _receiver.NextAsync("im.message.receive_v1")).Event;
        Assert.Equal(("alice.wang", "alice"), (Sender(old), Sender(newcomer)));
        Assert.NotEqual(old["message"]!["chat_id"]!.GetValue<string>(), newcomer["message"]!["chat_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Nobody_takes_the_id_of_somebody_who_works_here()
    {
        Assert.Equal(409, (await _emulator.TryControlAsync(HttpMethod.Post, "people", new { user_id = "Bob", name = "x" })).Status);
        Assert.Equal(409, (await _emulator.TryControlAsync(HttpMethod.Patch, "people/carol", new { user_id = "bob" })).Status);
        Assert.Equal(404, (await _emulator.TryControlAsync(HttpMethod.Patch, "people/nobody", new { name = "x" })).Status);
        Assert.Equal(400, (await _emulator.TryControlAsync(HttpMethod.Patch, "people/bob", new { nickname = "x" })).Status);
    }

    private static string Sender(JsonNode message) => message["sender"]!["sender_id"]!["user_id"]!.GetValue<string>();

    private async Task<JsonNode> UserAsync(string id) =>
        (await _emulator.CallAsync(HttpMethod.Get, $"/open-apis/contact/v3/users/{id}?user_id_type=user_id",
            await _emulator.TenantTokenAsync())).Data["user"]!;
}

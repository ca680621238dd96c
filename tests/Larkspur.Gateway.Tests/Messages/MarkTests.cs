using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>What can be done with a message besides sending it.</summary>
public sealed class MarkTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;
    private string _message = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = SeededCompany.PurchasingChat }, text = "to be marked" });
        _message = sent.Text("message_id") ?? throw new InvalidOperationException(sent.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_reaction_is_made_listed_and_taken_back()
    {
        var made = await _gateway.PostRestAsync($"/messages/{_message}/reactions", new { emoji_type = "SMILE" });
        Assert.True(made.Status == 201, made.ToString());
        var listed = await _gateway.GetRestAsync($"/messages/{_message}/reactions");
        Assert.Equal("SMILE", listed.Items.Single().GetProperty("emoji_type").GetString());
        Assert.Equal(204, (await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{_message}/reactions/{made.Text("reaction_id")}")).Status);
        Assert.Empty((await _gateway.GetRestAsync($"/messages/{_message}/reactions")).Items);
        var unknown = await _gateway.PostRestAsync($"/messages/{_message}/reactions", new { emoji_type = "NO_SUCH_FACE" });
        Assert.True(unknown.Status == 422 && unknown.Error == "unknown_emoji", unknown.ToString());
    }

    [Fact]
    public async Task A_message_is_pinned_and_unpinned()
    {
        var pinned = await _gateway.RestAsync(HttpMethod.Put, $"/messages/{_message}/pin");
        Assert.True(pinned.Status == 200, pinned.ToString());
        Assert.Contains((await _gateway.GetRestAsync($"/chats/{SeededCompany.PurchasingChat}/pins")).Items, p => p.GetProperty("message_id").GetString() == _message);
        Assert.Equal(204, (await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{_message}/pin")).Status);
        Assert.DoesNotContain((await _gateway.GetRestAsync($"/chats/{SeededCompany.PurchasingChat}/pins")).Items, p => p.GetProperty("message_id").GetString() == _message);
    }

    [Fact]
    public async Task A_message_is_made_urgent_and_its_readers_are_listed()
    {
        var alice = WireIds.OpenId(EmulatorApp.AppId, "alice");
        var urged = await _gateway.PostRestAsync($"/messages/{_message}/urgent", new { open_ids = new[] { alice } });
        Assert.True(urged.Status == 200, urged.ToString());
        Assert.Empty(urged.Body.GetProperty("invalid_open_ids").EnumerateArray());
        Assert.Equal(200, (await _gateway.GetRestAsync($"/messages/{_message}/readers")).Status);
    }

    [Fact]
    public async Task Messages_are_passed_on_alone_and_as_a_bundle_once_per_key()
    {
        var to = new { user_id = "bob" };
        var forwarded = await _gateway.PostRestAsync($"/messages/{_message}/forward?wait=15", new { to }, "fwd-1");
        Assert.True(forwarded.Status == 200 && forwarded.Text("state") == "sent", forwarded.ToString());
        Assert.Equal(forwarded.Id, (await _gateway.PostRestAsync($"/messages/{_message}/forward?wait=15", new { to }, "fwd-1")).Id);
        Assert.NotEqual(_message, forwarded.Text("message_id"));

        var second = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = SeededCompany.PurchasingChat }, text = "and another" });
        var bundle = await _gateway.PostRestAsync("/messages/merge-forward?wait=15", new { to, message_ids = new[] { _message, second.Text("message_id") } });
        Assert.True(bundle.Status == 200 && bundle.Text("state") == "sent", bundle.ToString());
        var shown = await _gateway.GetRestAsync("/messages/" + bundle.Text("message_id"));
        Assert.Equal(("merge_forward", 3), (shown.Items[0].GetProperty("msg_type").GetString(), shown.Items.Length));
    }

    [Fact]
    public async Task A_group_is_made_once_and_filled()
    {
        var alice = WireIds.OpenId(EmulatorApp.AppId, "alice");
        var bob = WireIds.OpenId(EmulatorApp.AppId, "bob");
        var made = await _gateway.PostRestAsync("/chats", new { name = "Launch", open_ids = new[] { alice } }, "launch-group");
        Assert.True(made.Status == 201, made.ToString());
        var chat = made.Text("chat_id");
        Assert.Equal(chat, (await _gateway.PostRestAsync("/chats", new { name = "Launch", open_ids = new[] { alice } }, "launch-group")).Text("chat_id"));
        Assert.Equal(200, (await _gateway.PostRestAsync($"/chats/{chat}/members", new { open_ids = new[] { bob } })).Status);
        Assert.Contains((await _gateway.GetRestAsync($"/chats/{chat}/members")).Items, m => m.GetProperty("open_id").GetString() == bob);
        Assert.Equal(200, (await _gateway.PostRestAsync($"/chats/{chat}/members/remove", new { open_ids = new[] { bob } })).Status);
        Assert.DoesNotContain((await _gateway.GetRestAsync($"/chats/{chat}/members")).Items, m => m.GetProperty("open_id").GetString() == bob);
    }

    [Fact]
    public async Task Anothers_message_is_not_recalled_and_a_strange_chat_has_no_history()
    {
        var said = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "hers", chat_id = SeededCompany.PurchasingChat });
        var recalled = await _gateway.RestAsync(HttpMethod.Delete, $"/messages/{said["message_id"]!.GetValue<string>()}");
        Assert.True(recalled.Status == 403 && recalled.Error == "not_own_message", recalled.ToString());
        Assert.Equal(230026, recalled.Body.GetProperty("code").GetInt32());

        var strange = await _gateway.GetRestAsync("/chats/oc_0000000000000000000000000000dead/messages");
        Assert.True(strange.Status is 403 or 404 or 422, strange.ToString());
        Assert.True(strange.Body.GetProperty("code").GetInt32() > 0, strange.ToString());
    }
}

using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>What was sent to a system's webhook is that system's, and what an event says is for who may read the event.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersWebhookDeliveriesTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["webhooks:read", "webhooks:write"];
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;
    private WebhookReceiver _receiver = null!;
    private GatewayApp _gateway = null!;
    private string _erp = null!;
    private string _canteen = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _receiver) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        _erp = await _gateway.KeyOfAsync("erp", Scopes);
        _canteen = await _gateway.KeyOfAsync("canteen", Scopes);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_reads_or_resends_what_was_sent_to_another_systems_webhook()
    {
        var id = await TestedAsync(_erp, "erp-hook");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, "/webhooks/erp-hook/deliveries", "/webhooks/none/deliveries");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/webhooks/erp-hook/deliveries/{id}", $"/webhooks/none/deliveries/{id}");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/webhooks/erp-hook/deliveries/{id}/resend", $"/webhooks/none/deliveries/{id}/resend");
        var window = new { since = DateTimeOffset.UtcNow.AddHours(-1), state = "all" };
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, "/webhooks/erp-hook/resend", "/webhooks/none/resend", window);

        // Nor by a webhook of one's own.
        await TestedAsync(_canteen, "canteen-hook");
        Assert.Equal(404, (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/webhooks/canteen-hook/deliveries/{id}")).Status);
        Assert.Equal(404, (await _gateway.CallAsync(_canteen, HttpMethod.Post, $"/webhooks/canteen-hook/deliveries/{id}/resend")).Status);

        var auditor = await _gateway.KeyOfAsync("auditor", ["webhooks:read", "webhooks:write", "others:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(auditor, HttpMethod.Get, $"/webhooks/erp-hook/deliveries/{id}")).Status);
        Assert.Equal(403, (await _gateway.CallAsync(auditor, HttpMethod.Post, $"/webhooks/erp-hook/deliveries/{id}/resend")).Status);
        Assert.Equal(403, (await _gateway.CallAsync(auditor, HttpMethod.Post, "/webhooks/erp-hook/resend", window)).Status);
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Post, $"/webhooks/erp-hook/deliveries/{id}/resend")).Status);

        var reader = await _gateway.KeyOfAsync("erp-reader", ["webhooks:read"], system: "erp");
        Assert.Equal(403, (await _gateway.CallAsync(reader, HttpMethod.Post, $"/webhooks/erp-hook/deliveries/{id}/resend")).Status);
    }

    [Fact]
    public async Task A_webhook_that_changes_hands_does_not_hand_over_what_was_sent_before()
    {
        var id = await TestedAsync(_erp, "handed");
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/webhooks/handed", new { system = "canteen" })).Status);
        Assert.Empty((await _gateway.CallAsync(_canteen, HttpMethod.Get, "/webhooks/handed/deliveries")).Items());
        Assert.Equal(404, (await _gateway.CallAsync(_canteen, HttpMethod.Get, $"/webhooks/handed/deliveries/{id}")).Status);
        Assert.Equal(404, (await _gateway.CallAsync(_canteen, HttpMethod.Post, $"/webhooks/handed/deliveries/{id}/resend")).Status);
        var all = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/webhooks/handed/resend", new { since = DateTimeOffset.UtcNow.AddHours(-1), state = "all" });
        Assert.Equal((200, 0), (all.Status, all.Body.GetProperty("resent").GetInt32()));
    }

    [Fact]
    public async Task A_narrow_key_sees_that_a_message_was_told_of_and_not_what_it_says()
    {
        var wide = await _gateway.KeyOfAsync("erp-wide", [.. Scopes, "others:read", "messages:read"], system: "erp");
        Assert.Equal(201, (await _gateway.CallAsync(wide, HttpMethod.Put, "/webhooks/ears", new { url = _receiver.Url, events = new[] { "im.message.receive_v1" } })).Status);
        _receiver.Answer = async (call, http) =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (200, "text/plain");
            await http.Response.Body.WriteAsync(call.Body, http.RequestAborted);
        };
        await _push.SendAsync(_gateway, "im.message.receive_v1", FeishuPush.Message("a secret word"));
        await _gateway.UntilAsync(async () => await CountAsync() == 1);
        var id = _receiver.Calls.Single().Id;
        var seen = await _gateway.CallAsync(wide, HttpMethod.Get, $"/webhooks/ears/deliveries/{id}");
        Assert.Contains("a secret word", seen.Body.GetProperty("request").GetProperty("body").GetString(), StringComparison.Ordinal);
        var hidden = await _gateway.CallAsync(_erp, HttpMethod.Get, $"/webhooks/ears/deliveries/{id}");
        Assert.Equal((200, "messages:read"), (hidden.Status, hidden.Text("missing_scope")));
        Assert.DoesNotContain("secret word", hidden.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(200, hidden.Body.GetProperty("attempts")[0].GetProperty("status").GetInt32());

        // Nor is it found out by asking whom it is from.
        var person = _receiver.Calls.Single().Json.GetProperty("data").GetProperty("event").GetProperty("sender").GetProperty("sender_id").GetProperty("open_id").GetString();
        Assert.Empty((await _gateway.CallAsync(_erp, HttpMethod.Get, $"/webhooks/ears/deliveries?person={person}")).Items());
        Assert.Single((await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/webhooks/ears/deliveries?person={person}")).Items());
    }

    private Task<long> CountAsync() => _gateway.Services.GetRequiredService<IDatabase>().ReadAsync(
        async sql => (await sql.QueryAsync("SELECT COUNT(*) FROM webhook_attempt", row => row.GetInt64(0)))[0], TestContext.Current.CancellationToken);

    private async Task<string> TestedAsync(string key, string name)
    {
        var put = await _gateway.CallAsync(key, HttpMethod.Put, $"/webhooks/{name}", new { url = _receiver.Url, secret = _receiver.Secret, events = new[] { "card.action" } });
        Assert.True(put.Status == 201, put.Body.ToString());
        var test = await _gateway.CallAsync(key, HttpMethod.Post, $"/webhooks/{name}/test");
        Assert.Equal("delivered", test.Text("state"));
        return test.Text("webhook_id")!;
    }
}

using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary><c>deliveries:*</c> shows and repairs what is one's own; what arrives is no single system's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersDeliveriesTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["deliveries:read", "deliveries:write", "messages:read", "messages:write", "webhooks:read", "webhooks:write"];
    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;
    private string _erp = null!;
    private string _canteen = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        _erp = await _gateway.KeyOfAsync("erp", Scopes);
        _canteen = await _gateway.KeyOfAsync("canteen", Scopes);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task What_the_administrators_receiver_is_owed_about_a_system_is_not_taken_away_by_that_system()
    {
        var put = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/webhooks/treasury", new { url = "http://127.0.0.1:1/", events = new[] { "payment.decided" } });
        Assert.True(put.Status == 201, put.Body.ToString());
        put = await _gateway.CallAsync(_erp, HttpMethod.Put, "/webhooks/erp-hook", new { url = "http://127.0.0.1:1/", events = new[] { "payment.decided" } });
        Assert.True(put.Status == 201, put.Body.ToString());
        foreach (var target in (string[])["treasury", "erp-hook"])
        {
            await _gateway.DamageAsync("""
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before, created_at,
                                    status, partition, rank, in_thread, fallback, owner, reason, finished_at)
                VALUES ('webhook', 'default', $1, 'webhook', 'webhook', $1, 'payment.decided', '{}', $1, 0, 'r', 0, 1, 2, 1, 0, 0, 0, 'erp', 'gone', 1)
                """, target);
        }

        var rows = (await _gateway.CallAsync(_erp, HttpMethod.Get, "/deliveries")).Items().ToDictionary(r => r.GetProperty("target").GetString()!, r => r.GetProperty("id").GetInt64());
        var refused = await _gateway.CallAsync(_erp, HttpMethod.Post, $"/outbox/{rows["treasury"]}/discard");
        Assert.Equal((403, "system_not_held"), (refused.Status, refused.Error));
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Post, $"/outbox/{rows["erp-hook"]}/discard")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/outbox/{rows["treasury"]}/discard")).Status);
    }

    [Fact]
    public async Task Lists_show_ones_own_rows_and_nobody_repairs_anothers()
    {
        var id = await SendAsync(_erp, "the ERP's secret");
        var own = await SendAsync(_canteen, "lunch");
        foreach (var list in (string[])["/outbox", "/deliveries", "/deliveries?kind=message", "/outbox?status=sent"])
        {
            var rows = (await _gateway.CallAsync(_canteen, HttpMethod.Get, list)).Items();
            Assert.Equal([own], rows.Select(r => r.GetProperty("id").GetInt64()));
            Assert.All(rows, r => Assert.Equal("canteen", r.GetProperty("system").GetString()));
        }

        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/outbox/{id}?content=true", "/outbox/999999?content=true");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/deliveries/{id}?content=true", "/deliveries/999999?content=true");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/outbox/{id}/replay?force=true", "/outbox/999999/replay?force=true");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/outbox/{id}/discard", "/outbox/999999/discard");
        await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/deliveries/{id}/replay", "/deliveries/999999/replay");
        await _gateway.DamageAsync("UPDATE outbox SET status = 2, reason = 'refused'");
        var many = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/deliveries/replay", new { ids = new[] { id } });
        Assert.Equal("not_found", many.Body.GetProperty("refused")[0].GetProperty("reason").GetString());
        many = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/deliveries/replay", new { reason = "refused" });
        Assert.Equal([own], many.Body.GetProperty("replayed").EnumerateArray().Select(r => r.GetInt64()));
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Get, $"/outbox/{id}?content=true")).Status);
    }

    [Fact]
    public async Task What_people_write_is_not_to_be_had_by_the_inbox_or_the_feed()
    {
        foreach (var path in (string[])["/inbox", "/inbox?event_id=ev_1", "/inbox/1?payload=true", "/events?cursor=0&payload=true"])
        {
            var refused = await _gateway.CallAsync(_canteen, HttpMethod.Get, path);
            Assert.Equal((403, "missing_scope", "others:read"), (refused.Status, refused.Error, refused.Text("scope")));
        }

        foreach (var path in (string[])["/inbox/1/replay", "/inbox/1/discard", "/inbox/replay"])
        {
            var refused = await _gateway.CallAsync(_canteen, HttpMethod.Post, path, new { filter = new { } });
            Assert.Equal((403, "missing_scope", "others:write"), (refused.Status, refused.Error, refused.Text("scope")));
        }

        var auditor = await _gateway.KeyOfAsync("auditor", ["deliveries:read", "others:read"]);
        Assert.Equal(200, (await _gateway.CallAsync(auditor, HttpMethod.Get, "/inbox")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(auditor, HttpMethod.Get, "/events?cursor=0")).Status);
        Assert.Equal(403, (await _gateway.CallAsync(auditor, HttpMethod.Post, "/inbox/replay", new { filter = new { } })).Status);
    }

    [Fact]
    public async Task A_message_that_was_sent_as_text_in_place_of_a_refused_card_keeps_its_owner()
    {
        _feishu.Fault = call => call.Content.Contains("markdown", StringComparison.Ordinal) ? (400, """{"code":230099,"msg":"bad card"}""") : null;
        var card = new { elements = new[] { new { tag = "markdown", content = "the ERP's order" } } };
        var sent = await _gateway.CallAsync(_erp, HttpMethod.Post, "/messages?wait=15&validate=false", new { to = new { open_id = "ou_bob" }, card, key = "c" });
        Assert.True(sent.Text("state") == "degraded", sent.Body.ToString());
        var instead = sent.Body.GetProperty("fallback_id").GetInt64();
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Get, $"/outbox/{instead}")).Status);
        await _gateway.NotThereAsync(_canteen, HttpMethod.Patch, $"/messages/{sent.Text("message_id")}", "/messages/om_none", new { text = "mine", key = "p" });
    }

    private async Task<long> SendAsync(string key, string text)
    {
        var sent = await _gateway.CallAsync(key, HttpMethod.Post, "/messages?wait=15", new { to = new { open_id = "ou_bob" }, text, key = "k" });
        Assert.True(sent.Text("state") == "sent", sent.Body.ToString());
        return sent.Body.GetProperty("id").GetInt64();
    }
}

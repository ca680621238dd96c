using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A webhook is its system's, and gets what that system may read.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersWebhooksTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["webhooks:read", "webhooks:write", "messages:read", "messages:write"];
    private FeishuStub _feishu = null!;
    private WebhookReceiver _receiver = null!;
    private GatewayApp _gateway = null!;
    private string _erp = null!;
    private string _canteen = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _receiver) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        var settings = _receiver.Settings("ops", "payment.decided");
        settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8";
        _gateway = await GatewayApp.StartAsync(_feishu.Address, settings);
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
    public async Task One_system_takes_no_more_than_its_share_of_the_places()
    {
        for (var i = 0; i < 40; i++)
            Assert.Equal(201, (await _gateway.CallAsync(_canteen, HttpMethod.Put, $"/webhooks/fill-{i}", new { url = _receiver.Url, events = new[] { "card.action" } })).Status);
        var more = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/fill-40", new { url = _receiver.Url, events = new[] { "card.action" } });
        Assert.Equal((422, "too_many_webhooks"), (more.Status, more.Error));
        Assert.Equal(201, (await _gateway.CallAsync(_erp, HttpMethod.Put, "/webhooks/erp-webhook", new { url = _receiver.Url, events = new[] { "card.action" } })).Status);
        // Changing one of its own takes no place.
        Assert.Equal(200, (await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/fill-1", new { url = _receiver.Url, events = new[] { "card.action" } })).Status);
    }

    [Theory]
    [InlineData("*", "others:read")]
    [InlineData("im.message.receive_v1", "others:read")]
    [InlineData("im.chat.member.user.added_v1", "others:read")]
    [InlineData("card.action.trigger", "others:read")]
    [InlineData("approval_instance", "approvals:read")]
    [InlineData("approval.external_action", "approvals:read")]
    [InlineData("contact.user.updated_v3", "people:read")]
    public async Task Nobody_subscribes_to_what_he_may_not_read(string type, string scope)
    {
        var put = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/ears", new { url = _receiver.Url, events = new[] { "card.action", type } });
        Assert.Equal((403, "event_not_held", "/events/1"), (put.Status, put.Error, put.Text("pointer")));
        Assert.Contains(scope, put.Text("message"), StringComparison.Ordinal);
        Assert.Equal(404, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/webhooks/ears")).Status);
    }

    [Fact]
    public async Task Nobody_redirects_renews_tests_or_removes_another_systems_webhook_or_looks_at_it()
    {
        await PutAsync(_erp, "erp-hook");
        var stolen = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/erp-hook", new { url = _receiver.Url + "?mine" });
        Assert.Equal((409, "name_in_use"), (stolen.Status, stolen.Error));
        foreach (var name in (string[])["erp-hook", "ops"])
        {
            await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/webhooks/{name}", "/webhooks/none");
            await _gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/webhooks/{name}/deliveries", "/webhooks/none/deliveries");
            await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/webhooks/{name}/rotate", "/webhooks/none/rotate");
            await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/webhooks/{name}/enable", "/webhooks/none/enable");
            await _gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/webhooks/{name}/test", "/webhooks/none/test");
            await _gateway.NotThereAsync(_canteen, HttpMethod.Delete, $"/webhooks/{name}?force=true", "/webhooks/none?force=true");
        }

        Assert.Equal(409, (await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/ops", new { url = _receiver.Url })).Status);
        Assert.Empty((await _gateway.CallAsync(_canteen, HttpMethod.Get, "/webhooks")).Items());
        var own = Assert.Single((await _gateway.CallAsync(_erp, HttpMethod.Get, "/webhooks")).Items());
        Assert.Equal(("erp-hook", "erp", _receiver.Url), (own.GetProperty("name").GetString(), own.GetProperty("system").GetString(), own.GetProperty("url").GetString()));

        var auditor = await _gateway.KeyOfAsync("auditor", ["webhooks:read", "webhooks:write", "others:read"]);
        Assert.Equal(2, (await _gateway.CallAsync(auditor, HttpMethod.Get, "/webhooks")).Items().Length);
        Assert.Equal(403, (await _gateway.CallAsync(auditor, HttpMethod.Delete, "/webhooks/erp-hook")).Status);
        Assert.Equal(403, (await _gateway.CallAsync(auditor, HttpMethod.Put, "/webhooks/erp-hook", new { url = _receiver.Url })).Status);
    }

    [Fact]
    public async Task A_narrow_key_takes_over_nothing_that_a_wider_one_of_its_system_subscribed_to()
    {
        var wide = await _gateway.KeyOfAsync("erp-wide", [.. Scopes, "others:read"], system: "erp");
        Assert.Equal(201, (await _gateway.CallAsync(wide, HttpMethod.Put, "/webhooks/erp-ears", new { url = _receiver.Url, events = new[] { "im.message.receive_v1" } })).Status);
        foreach (var body in (object[])[new { url = _receiver.Url + "?mine" }, new { url = _receiver.Url + "?mine", events = new[] { "card.action" } }])
        {
            var put = await _gateway.CallAsync(_erp, HttpMethod.Put, "/webhooks/erp-ears", body);
            Assert.Equal((403, "event_not_held"), (put.Status, put.Error));
        }

        Assert.Equal(403, (await _gateway.CallAsync(_erp, HttpMethod.Post, "/webhooks/erp-ears/rotate")).Status);
    }

    [Fact]
    public async Task A_webhook_is_given_to_another_system_by_administrators_alone()
    {
        var forged = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/ears", new { url = _receiver.Url, system = "erp" });
        Assert.Equal((403, "system_not_held", "/system"), (forged.Status, forged.Error, forged.Text("pointer")));
        await PutAsync(GatewayApp.ApiKey, "handed");
        Assert.Equal(404, (await _gateway.CallAsync(_erp, HttpMethod.Get, "/webhooks/handed")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/webhooks/handed", new { system = "erp" })).Status);
        Assert.Equal("erp", (await _gateway.CallAsync(_erp, HttpMethod.Get, "/webhooks/handed")).Text("system"));
    }

    [Fact]
    public async Task No_card_of_one_system_is_told_of_to_anothers_webhook()
    {
        await PutAsync(_erp, "erp-hook");
        var card = new { title = "Lunch?", actions = new[] { new { id = "yes", label = "Yes" } }, webhook = "erp-hook" };
        var sent = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages", new { to = new { open_id = "ou_bob" }, card_message = card, key = "c" });
        Assert.Equal((422, "unknown_webhook", "/card_message/webhook"), (sent.Status, sent.Error, sent.Text("pointer")));
        Assert.Equal(202, (await _gateway.CallAsync(_erp, HttpMethod.Post, "/messages", new { to = new { open_id = "ou_bob" }, card_message = card, key = "c" })).Status);
    }

    [Fact]
    public async Task A_click_on_a_card_that_a_system_drew_itself_is_told_to_that_system()
    {
        await using var canteen = await WebhookReceiver.StartAsync();
        await PutAsync(_erp, "erp-hook");
        Assert.Equal(201, (await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/canteen-hook", new { url = canteen.Url, secret = canteen.Secret, events = new[] { "card.action" } })).Status);
        var card = new { elements = new[] { new { tag = "action", actions = new[] { new { tag = "button", text = new { tag = "plain_text", content = "Yes" }, value = new { lunch = "yes" } } } } } };
        var sent = await _gateway.CallAsync(_canteen, HttpMethod.Post, "/messages?wait=15", new { to = new { open_id = "ou_bob" }, card, key = "c" });
        Assert.True(sent.Text("state") == "sent", sent.Body.ToString());
        var value = System.Text.Json.JsonSerializer.SerializeToElement(new { lunch = "yes" });
        var push = new FeishuPush();
        await push.SendAsync(_gateway, "card.action.trigger", FeishuPush.Click(value, sent.Text("message_id")!, "ou_bob"));
        await _gateway.UntilAsync(() => Task.FromResult(!canteen.Calls.IsEmpty));
        Assert.Equal("canteen", canteen.Calls.First().Json.GetProperty("data").GetProperty("system").GetString());
        Assert.Empty((await _gateway.CallAsync(_erp, HttpMethod.Get, "/webhooks/erp-hook/deliveries")).Items());
    }

    [Fact]
    public async Task A_removed_webhooks_name_stays_its_systems()
    {
        await PutAsync(_erp, "erp-hook");
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Delete, "/webhooks/erp-hook")).Status);
        var taken = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/erp-hook", new { url = _receiver.Url });
        Assert.Equal((409, "name_in_use", "/{name}"), (taken.Status, taken.Error, taken.Text("pointer")));
        Assert.Equal(404, (await _gateway.CallAsync(_canteen, HttpMethod.Get, "/webhooks/erp-hook")).Status);
        await PutAsync(_erp, "erp-hook");
        Assert.Equal(200, (await _gateway.CallAsync(_erp, HttpMethod.Delete, "/webhooks/erp-hook")).Status);

        // An administrator's, removed, is no system's to take.
        await PutAsync(GatewayApp.ApiKey, "erp-hook");
        Assert.Equal(200, (await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, "/webhooks/erp-hook")).Status);
        Assert.Equal(409, (await _gateway.CallAsync(_erp, HttpMethod.Put, "/webhooks/erp-hook", new { url = _receiver.Url })).Status);
    }

    [Theory]
    [InlineData("https://[64:ff9b:1:a9fe:a9:fe00:5db8:d822]/latest/meta-data")]
    [InlineData("https://[64:ff9b:1:a00:0:100:5db8:d822]/")]
    public async Task No_webhook_is_behind_an_IPv4_address_that_a_NAT64_prefix_of_48_bits_hides(string url)
    {
        var put = await _gateway.CallAsync(_canteen, HttpMethod.Put, "/webhooks/ears", new { url });
        Assert.Equal((422, "bad_url", "/url"), (put.Status, put.Error, put.Text("pointer")));
    }

    private async Task PutAsync(string key, string name)
    {
        var put = await _gateway.CallAsync(key, HttpMethod.Put, $"/webhooks/{name}", new { url = _receiver.Url, secret = _receiver.Secret, events = new[] { "card.action", "payment.decided" } });
        Assert.True(put.Status == 201, put.Body.ToString());
    }
}

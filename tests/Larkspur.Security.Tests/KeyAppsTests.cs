using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A key that speaks for some apps speaks for no other, wherever a request may name one.</summary>
public sealed class KeyAppsTests : IAsyncLifetime
{
    private static readonly string[] Scopes =
        ["messages:read", "messages:write", "notifications:write", "payments:write", "approvals:read", "approvals:write", "approvals:decide", "people:read", "deliveries:read", "webhooks:write", "others:read", "others:write"];

    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Feishu:Apps:sales:AppId"] = "cli_b2c3d4e5f6071829", ["Feishu:Apps:sales:AppSecret"] = "sales-secret",
            ["Feishu:Apps:sales:EncryptKey"] = "sales-key", ["Feishu:Apps:sales:VerificationToken"] = "sales-token", ["Feishu:Apps:sales:BaseUrl"] = _feishu.Address,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_that_gets_what_other_apps_sent_is_not_there_for_a_key_of_one_app()
    {
        var wide = await _gateway.KeyOfAsync("erp", ["webhooks:read", "webhooks:write"]);
        var narrow = await _gateway.KeyOfAsync("erp-sales", ["webhooks:read", "webhooks:write"], system: "erp", apps: ["sales"]);
        foreach (var (key, name) in ((string, string)[])[(wide, "erp-all"), (narrow, "erp-sales")])
            Assert.Equal(201, (await _gateway.CallAsync(key, HttpMethod.Put, $"/webhooks/{name}", new { url = "https://erp.example/" + name, events = new[] { "card.action" } })).Status);
        foreach (var path in (string[])["/webhooks/erp-all", "/webhooks/erp-all/deliveries"])
            Assert.Equal(404, (await _gateway.CallAsync(narrow, HttpMethod.Get, path)).Status);
        Assert.Equal(404, (await _gateway.CallAsync(narrow, HttpMethod.Post, "/webhooks/erp-all/test")).Status);
        Assert.Equal("erp-sales", Assert.Single((await _gateway.CallAsync(narrow, HttpMethod.Get, "/webhooks")).Items()).GetProperty("name").GetString());
        Assert.Equal(200, (await _gateway.CallAsync(narrow, HttpMethod.Get, "/webhooks/erp-sales")).Status);
        Assert.Equal(200, (await _gateway.CallAsync(wide, HttpMethod.Get, "/webhooks/erp-sales")).Status);
    }

    [Fact]
    public async Task Every_place_that_names_an_app_refuses_one_that_is_not_the_keys()
    {
        var key = await _gateway.KeyOfAsync("sales", Scopes, apps: ["sales"]);
        // What is configured and what is not is told in the same words.
        foreach (var app in (string[])["default", "none"])
        {
            await NoAsync(HttpMethod.Post, "/messages", new { app, to = new { open_id = "ou_bob" }, text = "hi", key = "k" });
            await NoAsync(HttpMethod.Post, $"/messages?app={app}", new { to = new { open_id = "ou_bob" }, text = "hi", key = "k" });
            await NoAsync(HttpMethod.Post, "/messages/om_1/reply", new { app, text = "hi", key = "k" });
            await NoAsync(HttpMethod.Get, $"/messages/om_1?app={app}");
            await NoAsync(HttpMethod.Delete, $"/messages/om_1?app={app}");
            await NoAsync(HttpMethod.Get, $"/chats?app={app}");
            await NoAsync(HttpMethod.Post, $"/chats?app={app}", new { name = "g", key = "k" });
            await NoAsync(HttpMethod.Get, $"/chats/oc_1/members?app={app}");
            await NoAsync(HttpMethod.Get, $"/chats/oc_1/messages?app={app}");
            await NoAsync(HttpMethod.Get, $"/chats/oc_1/pins?app={app}");
            await NoAsync(HttpMethod.Post, "/people/lookup", new { app, emails = new[] { "bob@mica.example" } });
            await NoAsync(HttpMethod.Get, $"/approvals/definitions/abc?app={app}");
            await NoAsync(HttpMethod.Get, $"/approvals/instances/abc?app={app}");
            await NoAsync(HttpMethod.Put, $"/approvals/abc/subscription?app={app}");
            await NoAsync(HttpMethod.Post, "/approvals/tasks/1/approve", new { app, instance = "abc", user = new { open_id = "ou_bob" } });

            async Task NoAsync(HttpMethod method, string path, object? body = null)
            {
                var refused = await _gateway.CallAsync(key, method, path, body);
                Assert.True((refused.Status, refused.Error) == (403, "app_not_allowed"), $"{method} {path}: {refused.Status} {refused.Body}");
            }
        }

        Assert.Empty(_feishu.Calls);
    }

    [Fact]
    public async Task A_request_that_names_none_means_the_only_one_else_the_default_one_else_none()
    {
        var only = await SendAsync(await _gateway.KeyOfAsync("one", Scopes, apps: ["sales"]));
        Assert.Equal((200, "sales"), (only.Status, only.Text("app")));
        var several = await SendAsync(await _gateway.KeyOfAsync("two", Scopes, apps: ["default", "sales"]));
        Assert.Equal((200, "default"), (several.Status, several.Text("app")));
        var neither = await SendAsync(await _gateway.KeyOfAsync("three", Scopes, apps: ["sales", "other"]));
        Assert.Equal((422, "app_missing"), (neither.Status, neither.Error));
    }

    [Fact]
    public async Task Another_apps_messages_are_not_there_even_for_the_same_system()
    {
        var whole = await _gateway.KeyOfAsync("erp", Scopes);
        var sales = await _gateway.KeyOfAsync("erp-sales", Scopes, system: "erp", apps: ["sales"]);
        var sent = await SendAsync(whole);
        var id = sent.Body.GetProperty("id").GetInt64();
        await _gateway.NotThereAsync(sales, HttpMethod.Get, $"/messages/{id}", "/messages/999999");
        await _gateway.NotThereAsync(sales, HttpMethod.Delete, $"/messages/{id}", "/messages/999999");
        await _gateway.NotThereAsync(sales, HttpMethod.Get, $"/outbox/{id}", "/outbox/999999");
        Assert.Empty((await _gateway.CallAsync(sales, HttpMethod.Get, "/outbox")).Items());
        Assert.Single((await _gateway.CallAsync(whole, HttpMethod.Get, "/outbox")).Items());
    }

    private Task<KeyAnswer> SendAsync(string key) => _gateway.CallAsync(key, HttpMethod.Post, "/messages?wait=15", new { to = new { open_id = "ou_bob" }, text = "hi", key = "k" });
}

using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Names that people tell apart in lists have nothing in them that cannot be seen or that turns its surroundings round.</summary>
public sealed class ReadNamesTests
{
    public static TheoryData<string> Unseen => [.. ((string[])["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad",
        "\u2028", "\u00a0", "\u3164", "\u115f", "\uffa0", "\u2800", "\u034f", "\ufe0f", "\U000e0041", "\ue000"]).Select(c => $"er{c}p")];

    [Theory]
    [MemberData(nameof(Unseen))]
    public async Task Keys_systems_and_webhooks_have_no_unseen_characters(string name)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (key, id) = await gateway.MakeKeyAsync("erp", ["status:read", "keys:write", "others:write", "webhooks:write"]);
        var made = await gateway.CallAsync(key, HttpMethod.Post, "/api-keys", new { name, scopes = new[] { "status:read" } });
        Assert.Equal((422, "bad_name", "/name"), (made.Status, made.Error, made.Text("pointer")));
        var named = await gateway.CallAsync(key, HttpMethod.Patch, $"/api-keys/{id}", new { name });
        Assert.Equal((422, "bad_name", "/name"), (named.Status, named.Error, named.Text("pointer")));
        var owned = await gateway.CallAsync(key, HttpMethod.Post, "/api-keys",
            new { name = "erp-2", scopes = new[] { "status:read" }, system = name });
        Assert.Equal((422, "bad_name", "/system"), (owned.Status, owned.Error, owned.Text("pointer")));
        var handed = await gateway.CallAsync(key, HttpMethod.Put, "/webhooks/hook",
            new { url = "https://erp.example/hook", system = name });
        Assert.Equal((422, "bad_name", "/system"), (handed.Status, handed.Error, handed.Text("pointer")));
        var hook = await gateway.CallAsync(key, HttpMethod.Put, "/webhooks/" + Uri.EscapeDataString(name),
            new { url = "https://erp.example/hook" });
        Assert.Equal((400, "bad_name", "/{name}"), (hook.Status, hook.Error, hook.Text("pointer")));
    }

    [Theory]
    [InlineData("采购系统")]
    [InlineData("Café (Zürich) #2")]
    [InlineData("ระบบจัดซื้อ")]
    [InlineData("erp 🚀")]
    public async Task Names_of_every_script_are_taken(string name)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var made = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name, scopes = new[] { "status:read" } });
        Assert.Equal((201, name), (made.Status, made.Body.GetProperty("key").GetProperty("system").GetString()));
    }
}

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>Connections to WeCom and DingTalk are told like those to Feishu.</summary>
public sealed class PlatformConnectionTests
{
    [Fact]
    public async Task A_bots_line_is_told_with_what_came_over_it()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        // Connected and subscribed: acknowledgements and heartbeats are no events.
        await fixture.HoldsAsync(async () => Named(await LineAsync(fixture.Gateway)).Item4 == "connected", "the connection");
        Assert.Null((await LineAsync(fixture.Gateway))["last_event_at"]);
        await fixture.SayAsync("What is left of the budget?");
        await fixture.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the answer");
        var line = await LineAsync(fixture.Gateway);
        Assert.Equal(("wecom", "default", "bot", "connected"), Named(line));
        Assert.NotNull(line["last_event_at"]);
        Assert.Equal(1, line["connects"]!.GetValue<long>());
        Assert.Null(line["reason"]);
    }

    [Fact]
    public async Task A_stream_is_told_and_one_that_the_platform_refuses_with_its_reason()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        var line = await LineAsync(fixture.Gateway);
        Assert.Equal(("dingtalk", "default", "stream", "connected"), Named(line));
        Assert.Equal("ok", (await StatusAsync(fixture.Gateway))["status"]!.GetValue<string>());

        await using var refused = await DingTalkFixture.GatewayAsync(fixture.Emulator, null, ("DINGTALK_CLIENT_SECRET", "not-the-secret"));
        await fixture.HoldsAsync(async () => (await LineAsync(refused))["reason"] is not null && (await StatusAsync(refused))["status"]!.GetValue<string>() == "unhealthy", "the refusal");
        var status = await StatusAsync(refused);
        Assert.NotEqual("connected", (await LineAsync(refused))["state"]!.GetValue<string>());
        Assert.Contains(status["problems"]!.AsArray(), p => p!.GetValue<string>().StartsWith("dingtalk_stream:default: ", StringComparison.Ordinal));
        Assert.DoesNotContain("not-the-secret", status.ToJsonString(), StringComparison.Ordinal);
    }

    private static (string?, string?, string?, string?) Named(JsonObject line) =>
        (line["platform"]?.GetValue<string>(), line["app"]?.GetValue<string>(), line["kind"]?.GetValue<string>(), line["state"]?.GetValue<string>());

    private static async Task<JsonObject> LineAsync(GatewayApp gateway) => Assert.Single((await StatusAsync(gateway))["connections"]!.AsArray())!.AsObject();

    private static async Task<JsonObject> StatusAsync(GatewayApp gateway) =>
        (await gateway.Http.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/status", UriKind.Relative), TestContext.Current.CancellationToken))!;
}

using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>Two gateways on one PostgreSQL, each with a connection of its own: whichever the platform chooses, the work is done once.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SharedConnectionTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly Dictionary<string, string?> _settings = ConnectedGateway.Settings;
    private FeishuStub _feishu = null!;
    private SocketPlatform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _platform = await SocketPlatform.StartAsync();
        _platform.Behind = new Uri(_feishu.Address);
        _settings["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _settings["Larkspur:Gaps:Enabled"] = "false";
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task Any_of_them_records_any_event_and_carries_the_answer_to_any_click()
    {
        await using var first = await ConnectedGateway.StartAsync(_platform.Address, _settings);
        var one = await _platform.NextAsync();
        await using var second = await ConnectedGateway.StartAsync(_platform.Address, _settings);
        PlatformSocket[] sockets = [one, await _platform.NextAsync()];
        for (var i = 0; i < 20; i++)
        {
            var json = _push.Envelope("im.message.receive_v1", FeishuPush.Message($"word {i:00}.", $"oc_{i}", $"om_shared_{i}"), $"ev_shared_{i}");
            foreach (var socket in sockets) await socket.PushAsync(json); // the second as if the first answer was lost
            foreach (var socket in sockets) Assert.Equal("""{"code":200}""", (await socket.AnswerAsync()).Text);
            Assert.Contains($"word {i:00}.", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        }

        Assert.True(_feishu.IsQuiet);
        var unknown = JsonSerializer.SerializeToElement(new { kind = "plugin.demo-bot.approval", request = "PR-NONE", choice = "approve" });
        for (var i = 0; i < 8; i++)
        {
            await sockets[i % 2].PushAsync(_push.Envelope("card.action.trigger", FeishuPush.Click(unknown, $"om_card_{i}"), $"ev_click_{i}"));
            var answer = JsonSerializer.Deserialize<JsonElement>((await sockets[i % 2].AnswerAsync()).Text);
            Assert.Equal("warning", JsonSerializer.Deserialize<JsonElement>(answer.GetProperty("data").GetBytesFromBase64()).GetProperty("toast").GetProperty("type").GetString());
        }
    }
}

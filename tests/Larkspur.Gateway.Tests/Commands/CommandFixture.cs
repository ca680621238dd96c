using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>Three emulated platforms, a gateway, and a business system that registers commands and hears of calls.</summary>
internal sealed class CommandFixture : IAsyncDisposable
{
    private CommandFixture(ThreePlatforms platforms, WebhookReceiver hr) => (Platforms, Hr) = (platforms, hr);

    public ThreePlatforms Platforms { get; }

    public WebhookReceiver Hr { get; }

    public GatewayApp Gateway => Platforms.Gateway;

    /// <summary>What is asked for leave.</summary>
    public static object Leave { get; } = new
    {
        description = new { zh = "请假", en = "ask for leave" },
        aliases = new[] { "请假" },
        form = new
        {
            title = new { zh = "请假申请", en = "Leave" },
            inputs = new object[]
            {
                new
                {
                    id = "kind", type = "select", label = new { zh = "类型", en = "Kind" }, required = true,
                    options = new[]
                    {
                        new { value = "annual", label = new { zh = "年假", en = "Annual" } }, new { value = "sick", label = new { zh = "病假", en = "Sick" } },
                    },
                },
                new { id = "first", type = "date", label = new { zh = "开始", en = "First day" }, required = true },
                new { id = "reason", label = new { zh = "原因", en = "Reason" }, max_length = 20 },
                new { id = "half", type = "checkbox", label = new { zh = "半天", en = "Half a day" } },
            },
        },
    };

    public static async Task<CommandFixture> StartAsync()
    {
        var hr = await WebhookReceiver.StartAsync();
        var settings = hr.Settings("hr", "command.called,card.action").Select(s => (s.Key, s.Value!)).ToArray();
        return new CommandFixture(await ThreePlatforms.StartAsync(settings), hr);
    }

    public Task<KeyAnswer> CallAsync(HttpMethod method, string path, object? body = null) => Gateway.CallAsync(GatewayApp.ApiKey, method, path, body);

    public async Task PutAsync(string name, object body)
    {
        var put = await CallAsync(HttpMethod.Put, "/commands/" + name, body);
        Assert.True(put.Status is 200 or 201, put.Body.ToString());
    }

    /// <summary>What the system was told of a call.</summary>
    public async Task<JsonElement> HeardAsync(int number = 1)
    {
        await Platforms.UntilAsync(() => Task.FromResult(Hr.Calls.Count >= number), $"webhook {number}");
        var call = Hr.Calls.ElementAt(number - 1);
        Assert.Equal(Larkspur.Webhooks.WebhookVerdict.Valid, Hr.Judge(call));
        return JsonSerializer.Deserialize<JsonElement>(call.Body);
    }

    /// <summary>Answers a call as the webhook says how.</summary>
    public Task<KeyAnswer> AnswerAsync(JsonElement heard, object body) =>
        CallAsync(HttpMethod.Post, heard.GetProperty("data").GetProperty("answers").GetString()!["/api/v1".Length..], body);

    /// <summary>The newest card of the bot in Feishu.</summary>
    public async Task<JsonNode> CardAsync() => (await Platforms.Emulator.StateAsync())["messages"]!.AsArray()
        .Last(m => m!["sender"]!["type"]!.GetValue<string>() == "app" && m["msg_type"]!.GetValue<string>() == "interactive")!;

    public async ValueTask DisposeAsync()
    {
        await Platforms.DisposeAsync();
        await Hr.DisposeAsync();
    }
}

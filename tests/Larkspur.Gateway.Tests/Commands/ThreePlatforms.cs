using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Tests.DingTalk;
using Larkspur.Gateway.Tests.WeCom;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>A gateway on the emulated Feishu, WeCom and DingTalk at once, with the tests' plug-in; an assistant if one is given.</summary>
internal sealed class ThreePlatforms : EmulatedGateway
{
    private readonly EmulatedGatewaySetup _setup;

    private ThreePlatforms(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running) => _setup = setup;

    /// <summary>The gateway ends, and another process goes on where it left, with some settings changed.</summary>
    public Task RestartWithAsync(params (string Name, string Value)[] settings) => RestartAsync(platform =>
    [
        .. _setup.Settings(platform).Where(s => settings.All(o => o.Name != s.Key)),
        .. settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)),
    ]);

    public static Task<ThreePlatforms> StartAsync(params (string Name, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <summary>With last changes to the gateway.</summary>
    public static Task<ThreePlatforms> StartAsync(Action<WebApplicationBuilder> configure, params (string Name, string Value)[] settings) =>
        StartAsync(configure, null, settings);

    /// <summary>With an app of the emulated Dify as its assistant.</summary>
    public static Task<ThreePlatforms> WithDifyAsync(DifyApp backend, params (string Name, string Value)[] settings) =>
        StartAsync(_ => { }, backend, settings);

    private static async Task<ThreePlatforms> StartAsync(
        Action<WebApplicationBuilder> configure, DifyApp? backend, (string Name, string Value)[] settings)
    {
        var dingTalk = DingTalkFixture.App;
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { WeCom = WeComFixture.Corp, DingTalk = dingTalk, DifyApps = backend is null ? s.DifyApps : [backend] },
            Settings = platform =>
            [
                .. backend is null ? [] : (KeyValuePair<string, string?>[])
                    [new("DIFY_BASE_URL", new Uri(platform, "v1").ToString()), new("DIFY_API_KEY", backend.Key)],
                .. WeComFixture.Both(platform),
                new("DINGTALK_CLIENT_ID", dingTalk.ClientId), new("DINGTALK_CLIENT_SECRET", dingTalk.ClientSecret),
                new("DINGTALK_ROBOT_CODE", dingTalk.RobotCode), new("DINGTALK_BASE_URL", platform.ToString()),
                new("Larkspur:Plugins:0", ""), new("Larkspur:Dispatch:RetryPauses:0", "00:00:00.050"),
                .. settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)),
            ],
            Configure = builder =>
            {
                configure(builder);
                builder.AddGatewayPlugin(new ProbePlugin());
            },
        };
        var fixture = new ThreePlatforms(setup, await setup.StartAsync());
        var callback = new Uri(fixture.Gateway.Address, "/webhook/wecom").ToString();
        await fixture.Emulator.ActAsync(new { platform = "wecom", @do = "set_callback", of = "app", url = callback });
        await fixture.UntilAsync(async () => (await ConnectionsAsync("wecom")).Any(WeComFixture.IsOpen), "the bot of WeCom");
        await fixture.UntilAsync(async () => (await ConnectionsAsync("dingtalk")).Count > 0, "the stream of DingTalk");
        return fixture;

        async Task<JsonArray> ConnectionsAsync(string platform) => (await fixture.Emulator.StateAsync())[platform]!["connections"]!.AsArray();
    }

    public Task<JsonObject> SayAsync(string platform, string text) => Emulator.ActAsync(platform switch
    {
        "feishu" => new { @as = "alice", @do = "send", text },
        "wecom app" => new { platform = "wecom", @as = "alice", @do = "send", text, to = "app" },
        "wecom bot" => new { platform = "wecom", @as = "alice", @do = "send", text, to = "aibot" },
        _ => (object)new { platform, @as = "alice", @do = "send", text },
    });

    /// <summary>Everything that the bot has said on a platform, as one text; of Feishu's cards what people read.</summary>
    public async Task<string> SaidAsync(string platform)
    {
        var state = await Emulator.StateAsync();
        var messages = platform switch
        {
            "feishu" => Of(state["messages"]!, "rendered", "app"),
            "wecom app" => Of(state["wecom"]!["messages"]!, "text", "app"),
            "wecom bot" => Of(state["wecom"]!["messages"]!, "text", "aibot"),
            _ => Of(state["dingtalk"]!["messages"]!, "text", "robot"),
        };
        return string.Join('\n', messages);

        static IEnumerable<string> Of(JsonNode messages, string field, string by) => messages.AsArray()
            .Where(m => m!["sender"]!["type"]!.GetValue<string>() == by).Select(m => m![field]?.GetValue<string>() ?? "");
    }

    public Task ShowsAsync(string platform, string text) =>
        UntilAsync(async () => (await SaidAsync(platform)).Contains(text, StringComparison.Ordinal), $"\"{text}\" on {platform}");

    public Task UntilAsync(Func<Task<bool>> holds, string what) => HoldsAsync(holds, what);

    protected override async Task<string> ToldAsync() =>
        $"Said: {await SaidAsync("feishu")}\n{await SaidAsync("wecom app")}\n{await SaidAsync("wecom bot")}\n{await SaidAsync("dingtalk")}";
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Robots;

/// <summary>A gateway beside groups of all three platforms, each with a robot; no app of WeCom or DingTalk is configured.</summary>
internal sealed class RobotFixture : EmulatedGateway
{
    public const string FeishuToken = "0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613";
    public const string WeComKey = "6c1d5f0a-3b7e-4d92-8f46-0a9be27c5d18";
    public const string DingTalkToken = "5f0d2a7be1c94b0fa6d38e2c71b4905d";

    private static readonly Dictionary<string, (string Path, string? Secret)> Seeded = new()
    {
        ["feishu"] = ("/open-apis/bot/v2/hook/" + FeishuToken, "emulator-hook-secret"),
        ["wecom"] = ("/cgi-bin/webhook/send?key=" + WeComKey, null),
        ["dingtalk"] = ("/robot/send?access_token=" + DingTalkToken, "SECemulatorgrouprobot"),
    };

    private RobotFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    public static IEnumerable<KeyValuePair<string, string?>> Settings(Uri platform) =>
        [new("WECOM_BASE_URL", platform.ToString()), new("DINGTALK_BASE_URL", platform.ToString())];

    public static Task<RobotFixture> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(null, settings);

    public static async Task<RobotFixture> StartAsync(TimeProvider? clock, params (string Key, string? Value)[] settings)
    {
        var setup = new EmulatedGatewaySetup
        {
            Listens = false, Clock = clock, Settings = platform => [.. Settings(platform), .. settings.Select(s => KeyValuePair.Create(s.Key, s.Value))],
        };
        return new RobotFixture(setup, await setup.StartAsync());
    }

    /// <summary>The address of a platform's own robot, or of a path that is given.</summary>
    public string AddressOf(string platform, string? path = null) => new Uri(Emulator.BaseUrl, path ?? Seeded[platform].Path).ToString();

    public static string? SecretOf(string platform) => Seeded[platform].Secret;

    /// <summary>Adds the robot that the platform's group has, under the platform's name.</summary>
    public async Task AddAsync(string platform, string? name = null, string? path = null, string? secret = null)
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/robots/" + (name ?? platform),
            new { platform, address = AddressOf(platform, path), secret = path is null ? secret ?? SecretOf(platform) : secret });
        Assert.True(put.Status == 201, put.ToString());
    }

    /// <summary>Has a robot say something, and waits for its end.</summary>
    public async Task<JsonElement> SayAsync(string robot, object said)
    {
        var body = JsonSerializer.SerializeToNode(said)!.AsObject();
        body["to"] = new JsonObject { ["robot"] = robot };
        var sent = await Gateway.PostRestAsync("/messages?wait=15", body.ToJsonString());
        Assert.True(sent.Status is 200 or 202, sent.ToString());
        return sent.Status == 200 ? sent.Body : await Gateway.EndOfAsync(sent.Id);
    }

    /// <summary>What robots said on a platform, the oldest first, each as its JSON.</summary>
    public async Task<IReadOnlyList<JsonObject>> SaidAsync(string platform)
    {
        var state = await Emulator.StateAsync();
        var messages = (platform == "feishu" ? state : state[platform]!.AsObject())["messages"]!.AsArray().Select(m => m!.AsObject());
        return [.. messages.Where(m => m["sender"]!["type"]!.GetValue<string>() is "robot" or "group_robot" or "app")];
    }

    public async Task<JsonElement> RobotAsync(string name)
    {
        var shown = await Gateway.GetRestAsync("/robots/" + name);
        Assert.True(shown.Status == 200, shown.ToString());
        return shown.Body;
    }
}

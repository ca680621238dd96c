using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>A gateway beside the emulated WeCom, with an assistant that does as it is told.</summary>
internal sealed class WeComFixture : EmulatedGateway
{
    public static readonly WeComSettings Corp = new();

    private WeComFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    public ScriptedAssistant Assistant => Gateway.Services.GetServices<IAssistant>().OfType<ScriptedAssistant>().Single();

    /// <summary>The application and the bot over its long connection.</summary>
    public static Dictionary<string, string?> Both(Uri platform) => new()
    {
        ["WECOM_CORP_ID"] = Corp.CorpId, ["WECOM_AGENT_ID"] = "1000002", ["WECOM_SECRET"] = Corp.Secret, ["WECOM_TOKEN"] = Corp.Token, ["WECOM_ENCODING_AES_KEY"] = Corp.EncodingAesKey,
        ["WECOM_AIBOT_ID"] = Corp.AiBotId, ["WECOM_AIBOT_SECRET"] = Corp.AiBotSecret, ["WECOM_BASE_URL"] = platform.ToString(),
    };

    /// <summary>The application alone.</summary>
    public static Dictionary<string, string?> Application(Uri platform)
    {
        var settings = Both(platform);
        settings.Remove("WECOM_AIBOT_ID");
        settings.Remove("WECOM_AIBOT_SECRET");
        return settings;
    }

    /// <summary>Both, and the emulated Dify behind the gateway's own assistant.</summary>
    public static Dictionary<string, string?> WithDify(Uri platform)
    {
        var settings = Both(platform);
        settings["DIFY_BASE_URL"] = new Uri(platform, "v1").ToString();
        settings["DIFY_API_KEY"] = Larkspur.Emulator.Dify.DifyApp.DefaultKey;
        return settings;
    }

    /// <summary>The same; what comes without a word is a question at once.</summary>
    public static Func<Uri, Dictionary<string, string?>> AtOnce(Func<Uri, Dictionary<string, string?>> settings) => platform =>
    {
        var values = settings(platform);
        values[SentFiles.AtOnce.Key] = SentFiles.AtOnce.Value;
        return values;
    };

    /// <summary>The application and the bot by callback, at one address.</summary>
    public static Dictionary<string, string?> Polled(Uri platform)
    {
        var settings = Both(platform);
        settings.Remove("WECOM_AIBOT_SECRET");
        return settings;
    }

    public static async Task<WeComFixture> StartAsync(Func<Uri, Dictionary<string, string?>>? settings = null, EmulatorApp? emulator = null, TimeProvider? clock = null, string? folder = null,
        Uri? platform = null, bool scripted = true)
    {
        Dictionary<string, string?> values = [];
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { WeCom = Corp }, Emulator = emulator, DataFolder = folder, Clock = clock, Listens = false,
            Settings = address => values = (settings ?? Both)(platform ?? address),
            Configure = builder =>
            {
                // Before the gateway's own: the first one is asked.
                if (scripted) builder.Services.AddSingleton<IAssistant, ScriptedAssistant>();
            },
        };
        var fixture = new WeComFixture(setup, await setup.StartAsync());
        foreach (var of in new[] { "app", "aibot" })
        {
            // The bot has an address only where it has no connection.
            var polled = of == "app" ? values.ContainsKey("WECOM_TOKEN") : !values.ContainsKey("WECOM_AIBOT_SECRET") && values.ContainsKey("WECOM_AIBOT_ID");
            await fixture.ActAsync(new { platform = "wecom", @do = "set_callback", of, url = polled ? new Uri(fixture.Gateway.Address, "/webhook/wecom").ToString() : "" });
        }

        if (values.ContainsKey("WECOM_AIBOT_SECRET")) await fixture.UntilAsync(async () => (await fixture.StateAsync())["connections"]!.AsArray().Any(IsOpen), "the bot's connection");
        return fixture;
    }

    /// <summary>A connection that is subscribed and has not ended; those that have stay in the list.</summary>
    public static bool IsOpen(JsonNode? connection) => connection!["subscribed"]!.GetValue<bool>() && connection["ended"] is null;

    /// <summary>The same with the emulated Dify behind the gateway's own assistant.</summary>
    public static Dictionary<string, string?> PolledWithDify(Uri platform)
    {
        var settings = WithDify(platform);
        settings.Remove("WECOM_AIBOT_SECRET");
        return settings;
    }

    public Task<JsonObject> ActAsync(object action) => Emulator.ActAsync(action);

    public Task<JsonObject> SayAsync(string text, string to = "aibot", string who = "alice", string? chat = null) => chat is null
        ? ActAsync(new { platform = "wecom", @as = who, @do = "send", text, to }) : ActAsync(new { platform = "wecom", @as = who, @do = "send", text, to, chat });

    /// <summary>Everything of the emulated WeCom.</summary>
    public async Task<JsonObject> StateAsync() => (await Emulator.StateAsync())["wecom"]!.AsObject();

    /// <summary>What the bot or the application has written, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> WrittenAsync(string by = "aibot") =>
        [.. (await StateAsync())["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => m["sender"]!["type"]!.GetValue<string>() == by && !m["dropped"]!.GetValue<bool>())];

    /// <summary>Waits until so many messages of a kind are there.</summary>
    public async Task<IReadOnlyList<JsonObject>> WaitAsync(string by, Func<IReadOnlyList<JsonObject>, bool> fits, string what)
    {
        IReadOnlyList<JsonObject> written = [];
        await UntilAsync(async () => fits(written = await WrittenAsync(by)), what);
        return written;
    }

    public static bool IsFinished(JsonObject message) => message["stream"] is JsonObject stream && stream["finished"]!.GetValue<bool>();

    public static string TextOf(JsonObject message) => message["text"]!.GetValue<string>();

    public Task UntilAsync(Func<Task<bool>> holds, string what) => HoldsAsync(holds, what);

    protected override async Task<string> ToldAsync() => "Written: "
        + string.Join('\n', (await WrittenAsync()).Concat(await WrittenAsync("app")).Select(m => m.ToJsonString()[..Math.Min(400, m.ToJsonString().Length)]));
}

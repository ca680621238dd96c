using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.DingTalk;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>A gateway whose people write on the emulated DingTalk and are answered by the emulated Dify.</summary>
internal sealed class DingTalkFixture : EmulatedGateway
{
    public const string Template = "aa0b3f2e-1111-4222-8333-answercard.schema";

    public static readonly DingTalkSettings App = new() { CardPatience = TimeSpan.FromSeconds(60), CallbackUrl = "" };

    private DingTalkFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    public static Task<EmulatorApp> EmulatorAsync() => EmulatorApp.StartAsync(s => s with { DingTalk = App });

    /// <summary>Starts both, and waits for the stream where there is one.</summary>
    public static Task<DingTalkFixture> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(SetupOf(settings), settings);

    /// <summary>With last changes to the gateway.</summary>
    public static Task<DingTalkFixture> StartAsync(Action<WebApplicationBuilder> configure) => StartAsync(SetupOf([]) with { Configure = configure }, []);

    /// <summary>A gateway beside an emulator that outlives it.</summary>
    public static Task<DingTalkFixture> StartAsync(EmulatorApp emulator, string folder, params (string Key, string? Value)[] settings) =>
        StartAsync(SetupOf(settings) with { Emulator = emulator, DataFolder = folder }, settings);

    /// <summary>A gateway alone.</summary>
    public static Task<GatewayApp> GatewayAsync(EmulatorApp emulator, string? folder, params (string Key, string? Value)[] settings) =>
        (SetupOf(settings) with { DataFolder = folder }).GatewayAsync(emulator);

    private static async Task<DingTalkFixture> StartAsync(EmulatedGatewaySetup setup, (string Key, string? Value)[] settings)
    {
        var fixture = new DingTalkFixture(setup, await setup.StartAsync());
        if (settings.All(s => s is not (("DINGTALK_EVENT_MODE", "webhook") or ("DINGTALK_CLIENT_ID", null)))) await fixture.ConnectedAsync();
        return fixture;
    }

    private static EmulatedGatewaySetup SetupOf((string Key, string? Value)[] settings) => new()
    {
        Platform = s => s with { DingTalk = App }, Listens = false,
        Settings = platform =>
        [
            new("DIFY_BASE_URL", new Uri(platform, "v1").ToString()), new("DIFY_API_KEY", DifyApp.DefaultKey), new("DINGTALK_CLIENT_ID", App.ClientId),
            new("DINGTALK_CLIENT_SECRET", App.ClientSecret), new("DINGTALK_ROBOT_CODE", App.RobotCode), new("DINGTALK_BASE_URL", platform.ToString()),
            new("DINGTALK_CARD_TEMPLATE", Template), .. settings.Select(s => KeyValuePair.Create(s.Key, s.Value)),
        ],
    };

    public Task<JsonObject> SayAsync(string text, string who = "alice", string? chat = null) =>
        Emulator.ActAsync(chat is null ? new { platform = "dingtalk", @as = who, @do = "send", text } : new { platform = "dingtalk", @as = who, @do = "send", text, chat });

    public Task<JsonObject> ClickAsync(string card, string action, string who = "alice") => Emulator.ActAsync(new { platform = "dingtalk", @as = who, @do = "click", card, action });

    public async Task<JsonObject> StateAsync() => (await Emulator.StateAsync())["dingtalk"]!.AsObject();

    /// <summary>What the robot said, cards included, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> SaidAsync() =>
        [.. (await StateAsync())["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => m["sender"]!["type"]!.GetValue<string>() == "robot")];

    /// <summary>Waits for a card whose text has this in it and that has ended: with its buttons, which come after the last frame.</summary>
    public Task<JsonObject> AnswerAsync(string contains) =>
        CardAsync(c => TextOf(c).Contains(contains, StringComparison.Ordinal) && c["finalized"]!.GetValue<bool>() && StateOf(c) is "3" or "5" && ButtonsOf(c) is { Length: > 2 } buttons && !buttons.Contains("asst:stop:", StringComparison.Ordinal), contains);

    private static string ButtonsOf(JsonObject card) => card["data"]!["buttons"]?.GetValue<string>() ?? "";

    public async Task<JsonObject> CardAsync(Func<JsonObject, bool> fits, string what)
    {
        JsonObject? found = null;
        await HoldsAsync(async () => (found = (await StateAsync())["cards"]!.AsArray().Select(c => c!.AsObject()).LastOrDefault(fits)) is not null, "a card: " + what);
        return found!;
    }

    public async Task<JsonObject> MessageAsync(Func<string, bool> fits, string what)
    {
        JsonObject? found = null;
        await HoldsAsync(async () => (found = (await SaidAsync()).LastOrDefault(m => fits(TextOf(m)))) is not null, "a message: " + what);
        return found!;
    }

    public static string TextOf(JsonObject shown) => shown["text"]!.GetValue<string>();

    public static string IdOf(JsonObject card) => card["out_track_id"]!.GetValue<string>();

    public static string StateOf(JsonObject card) => card["data"]!["flowStatus"]!.GetValue<string>();

    public async Task ConnectedAsync() => await HoldsAsync(async () => (await StateAsync())["connections"]!.AsArray().Any(c => c!["ending"] is null || c["ending"]!.ToString() is "" or "false"), "a stream");

    public Task<List<string>> EndingsAsync() => RowsAsync("SELECT ending FROM assistant_turn ORDER BY id", r => r.IsDBNull(0) ? "" : r.GetString(0));

    protected override async Task<string> ToldAsync()
    {
        var state = await StateAsync();
        return $"Said: {state["messages"]!.ToJsonString()}\nCards: {state["cards"]!.ToJsonString()}";
    }
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.DingTalk;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>A gateway whose people write on the emulated DingTalk and are answered by the emulated Dify.</summary>
internal sealed class DingTalkFixture : IAsyncDisposable
{
    public const string Template = "aa0b3f2e-1111-4222-8333-answercard.schema";

    public static readonly DingTalkSettings App = new() { CardPatience = TimeSpan.FromSeconds(60), CallbackUrl = "" };

    private bool _ownsEmulator;

    private DingTalkFixture(EmulatorApp emulator, GatewayApp gateway) => (Emulator, Gateway) = (emulator, gateway);

    public EmulatorApp Emulator { get; }

    public GatewayApp Gateway { get; private set; }

    public static Task<EmulatorApp> EmulatorAsync() => EmulatorApp.StartAsync(s => s with { DingTalk = App });

    /// <summary>Starts both, and waits for the stream where there is one.</summary>
    public static async Task<DingTalkFixture> StartAsync(params (string Key, string? Value)[] settings)
    {
        var emulator = await EmulatorAsync();
        return await StartAsync(emulator, null, settings, ownsEmulator: true);
    }

    /// <summary>With last changes to the gateway.</summary>
    public static async Task<DingTalkFixture> StartAsync(Action<WebApplicationBuilder> configure)
    {
        var emulator = await EmulatorAsync();
        return await StartAsync(emulator, null, [], ownsEmulator: true, configure);
    }

    /// <summary>A gateway beside an emulator that outlives it.</summary>
    public static Task<DingTalkFixture> StartAsync(EmulatorApp emulator, string folder, params (string Key, string? Value)[] settings) => StartAsync(emulator, folder, settings, ownsEmulator: false);

    private static async Task<DingTalkFixture> StartAsync(EmulatorApp emulator, string? folder, (string Key, string? Value)[] settings, bool ownsEmulator, Action<WebApplicationBuilder>? configure = null)
    {
        var fixture = new DingTalkFixture(emulator, await GatewayAsync(emulator, folder, configure, settings)) { _ownsEmulator = ownsEmulator };
        if (settings.All(s => s is not (("DINGTALK_EVENT_MODE", "webhook") or ("DINGTALK_CLIENT_ID",
            null)))) await fixture.ConnectedAsync();
        return fixture;
    }

    public static Task<GatewayApp> GatewayAsync(EmulatorApp emulator, string? folder, params (string Key, string? Value)[] settings) => GatewayAsync(emulator, folder, null, settings);

    private static Task<GatewayApp> GatewayAsync(EmulatorApp emulator, string? folder, Action<WebApplicationBuilder>? configure, (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey,
            ["DINGTALK_CLIENT_ID"] = App.ClientId, ["DINGTALK_CLIENT_SECRET"] = App.ClientSecret, ["DINGTALK_ROBOT_CODE"] = App.RobotCode, ["DINGTALK_BASE_URL"] = emulator.BaseUrl.ToString(),
            ["DINGTALK_CARD_TEMPLATE"] = Template,
        };
        foreach (var (key, value) in settings) all[key] = value;
        return GatewayApp.StartAsync(emulator.BaseUrl.ToString(), all, folder, configure: configure);
    }

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

    /// <summary>Rows of the gateway's database.</summary>
    public Task<List<T>> RowsAsync<T>(string sql, Func<System.Data.Common.DbDataReader, T> map) => Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(sql, map));

    public Task<List<string>> EndingsAsync() => RowsAsync("SELECT ending FROM assistant_turn ORDER BY id", r => r.IsDBNull(0) ? "" : r.GetString(0));

    public async Task HoldsAsync(Func<Task<bool>> holds, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            if (deadline.IsCancellationRequested)
            {
                var state = await StateAsync();
                throw new TimeoutException($"Waited in vain for {what}. Said: {state["messages"]!.ToJsonString()}\nCards: {state["cards"]!.ToJsonString()}\n"
                    + string.Join('\n', Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Category} {l.Message} {l.Exception}")));
            }

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        if (_ownsEmulator) await Emulator.DisposeAsync();
    }
}

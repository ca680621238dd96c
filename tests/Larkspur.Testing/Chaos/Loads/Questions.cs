using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>
/// People ask the assistant in Feishu, WeCom and DingTalk. What a gateway acknowledged is asked once, ends, and is shown at most once;
/// an answer that says it is whole is shown. A bot's long connection in WeCom acknowledges nothing: what was on its way to a dead process is lost there.
/// </summary>
internal sealed class Questions : ILoad
{
    private const string Slowly = "slowly";
    private const int SlowOneOf = 12;
    private const string CardTemplate = "aa0b3f2e-1111-4222-8333-answercard.schema";

    /// <summary>Twenty in a minute, and a person is taken for a machine: even those that wait until a gateway is back must be
    /// fewer.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly EmulatorApp _emulator;
    private readonly GatewayRows _rows;
    private readonly EmulatorSettings _played;
    private readonly ConcurrentDictionary<int, string> _asked = new();
    private readonly ConcurrentDictionary<int, byte> _acknowledged = new();
    private int _finished;
    private int _interrupted;
    private int _count;

    public Questions(EmulatorApp emulator, GatewayRows rows)
    {
        (_emulator, _rows) = (emulator, rows);
        _played = emulator.Services.GetRequiredService<EmulatorSettings>();
        emulator.State.Inspector.Pushed += Pushed;
    }

    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var (wecom, dingtalk, address) = (_played.WeCom, _played.DingTalk, _emulator.BaseUrl.ToString());
            return new Dictionary<string, string>
            {
                ["DIFY_BASE_URL"] = new Uri(_emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey,
                ["Larkspur__Assistant__MaxPerPerson"] = "1000",
                // Who asks slowly gets an answer that takes long enough to be interrupted.
                ["Larkspur__Assistant__Backends__slow__BaseUrl"] = new Uri(_emulator.BaseUrl, "v1").ToString(),
                ["Larkspur__Assistant__Backends__slow__ApiKey"] = "app-emulator-slow",
                ["Larkspur__Assistant__Routes__0__Name"] = "slow", ["Larkspur__Assistant__Routes__0__Backend"] = "slow",
                ["Larkspur__Assistant__Routes__0__Keywords__0"] = Slowly,
                ["WECOM_BASE_URL"] = address, ["WECOM_CORP_ID"] = wecom.CorpId,
                ["WECOM_AGENT_ID"] = wecom.AgentId.ToString(CultureInfo.InvariantCulture), ["WECOM_SECRET"] = wecom.Secret,
                ["WECOM_TOKEN"] = wecom.Token, ["WECOM_ENCODING_AES_KEY"] = wecom.EncodingAesKey,
                ["WECOM_AIBOT_ID"] = wecom.AiBotId, ["WECOM_AIBOT_SECRET"] = wecom.AiBotSecret,
                ["DINGTALK_BASE_URL"] = address, ["DINGTALK_CLIENT_ID"] = dingtalk.ClientId,
                ["DINGTALK_CLIENT_SECRET"] = dingtalk.ClientSecret,
                ["DINGTALK_ROBOT_CODE"] = dingtalk.RobotCode, ["DINGTALK_CARD_TEMPLATE"] = CardTemplate,
            };
        }
    }

    public string Figures =>
        $"{_asked.Count:N0} questions in Feishu, WeCom and DingTalk, {_finished:N0} answers whole, {_interrupted:N0} interrupted or failed";

    public async Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation)
    {
        var url = new Uri(gateway.Address, "/webhook/wecom").ToString();
        await _emulator.ActAsync(new { platform = "wecom", @do = "set_callback", of = "app", url });
        await gateway.UntilAsync("the connections of WeCom's bot and of DingTalk", async () =>
        {
            var state = await _emulator.StateAsync();
            return state["wecom"]!["connections"]!.AsArray().Any(c => c!["subscribed"]!.GetValue<bool>() && c["ended"] is null)
                && state["dingtalk"]!["connections"]!.AsArray().Count > 0;
        }, cancellation);
    }

    public Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation)
    {
        string[] people = [SeededCompany.Alice, SeededCompany.Bob, SeededCompany.Carol];
        return Task.WhenAll(people.SelectMany(
            _ => (string[])["feishu", "wecom", "dingtalk"], (who, platform) => AskAsync(who, platform, enough)));
    }

    public async Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        var turns = (await _rows.TurnsAsync(cancellation)).ToLookup(turn => Marker.In(turn.Question));
        var shown = await ShownAsync();
        List<string> wrong = [];
        var (finished, interrupted) = (0, 0);
        foreach (var (number, where) in _asked)
        {
            var own = turns[number].ToArray();
            var copies = shown[number].Count();
            if (own.Length > 1) wrong.Add($"Question {number} in {where} was taken {own.Length} times");
            if (own.Length == 0 && _acknowledged.ContainsKey(number))
                wrong.Add($"Question {number} in {where} was acknowledged and not taken");
            if (own.Any(turn => turn.Ending is null)) wrong.Add($"Question {number} in {where} has no end");
            if (copies > 1)
                wrong.Add($"The answer to question {number} in {where} stands there {copies} times: {string.Join(" | ", shown[number])}");
            if (own is [{ Ending: "finished" }] && copies == 0)
                wrong.Add($"The answer to question {number} in {where} is whole, and stands nowhere");
            if (own is [{ Ending: "finished" }]) finished++;
            else if (own.Length > 0) interrupted++;
        }

        (_finished, _interrupted) = (finished, interrupted);
        return wrong;
    }

    public ValueTask DisposeAsync()
    {
        _emulator.State.Inspector.Pushed -= Pushed;
        return ValueTask.CompletedTask;
    }

    /// <summary>One person on one platform, question after question.</summary>
    private async Task AskAsync(string who, string platform, CancellationToken enough)
    {
        using var pace = new PeriodicTimer(Pace);
        await using var end = enough.Register(pace.Dispose);
        for (var own = 0; !enough.IsCancellationRequested; own++)
        {
            var to = platform != "wecom" ? null : own % 2 == 0 ? "app" : "aibot";
            var number = Interlocked.Increment(ref _count);
            _asked[number] = to is null ? platform : $"{platform} {to}";
            var text = (own % SlowOneOf == 1 ? Slowly + ", what about " : "What about ") + Marker.Of(number);
            var ask = new JsonObject { ["as"] = who, ["do"] = "send", ["text"] = text };
            if (platform != "feishu") ask["platform"] = platform;
            if (to is not null) ask["to"] = to;
            await _emulator.ActAsync(ask);
            if (!await pace.WaitForNextTickAsync(CancellationToken.None)) return;
        }
    }

    private void Pushed(PushAttempt push)
    {
        if (push.Status != 200 || push.AppId == _played.WeCom.AiBotId) return;
        if (Marker.In(push.PlainBody) is { } number && _asked.ContainsKey(number)) _acknowledged.TryAdd(number, 0);
    }

    /// <summary>The messages and cards of the bots, by the question that they name.</summary>
    private async Task<ILookup<int?, string>> ShownAsync()
    {
        var state = await _emulator.StateAsync();
        var dingtalk = state["dingtalk"]!;
        IEnumerable<string> texts =
        [
            .. _emulator.State.Chats().SelectMany(c => _emulator.State.Messages(c.ChatId)).Where(m => m.SenderKind == SenderKind.App)
                .Select(m => m.Card?.Json ?? m.Rendered),
            .. state["wecom"]!["messages"]!.AsArray()
                .Where(m => m!["sender"]!["type"]!.GetValue<string>() is "app" or "aibot" && !m["dropped"]!.GetValue<bool>())
                // One whose time is over while it grows is said anew, in a message of its own.
                .Where(m => m!["stream"]?["expired"]!.GetValue<bool>() != true)
                .Select(m => m!.ToJsonString(Readable)),
            .. dingtalk["cards"]!.AsArray().Select(card => card!.ToJsonString(Readable)),
            .. dingtalk["messages"]!.AsArray().Where(m => m!["sender"]!["type"]!.GetValue<string>() == "robot" && m["out_track_id"] is null)
                .Select(m => m!.ToJsonString(Readable)),
        ];
        return texts.ToLookup(Marker.In);
    }
}

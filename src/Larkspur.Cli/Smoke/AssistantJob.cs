using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Cli.Hosting;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>What an employee does: asks in Feishu, says that the answer helped, and goes on in DingTalk and WeCom in the same conversation.</summary>
internal sealed partial class AssistantJob(LocalStack stack) : IDisposable
{
    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private string _chat = "";
    private string _last = "";

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("Alice asks in Feishu; the answer of a scripted Dify streams into a card", AskAsync),
        ("she clicks that it helped", RateAsync),
        ("with a one-time code, confirmed in Feishu, she goes on in DingTalk: the same conversation", DingTalkAsync),
        ("and in WeCom, where the bot's answer streams too", WeComAsync),
    ];

    public void Dispose() => _emulator.Dispose();

    private async Task AskAsync(CancellationToken cancellation)
    {
        // The job before this one has said something to the bot too.
        var afresh = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "/new" }, cancellation);
        await _emulator.WaitForAnswerAsync(Text(afresh, "chat_id"), Text(afresh, "message_id"), "afresh", cancellation);
        var sent = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "What is left of the budget?" }, cancellation);
        (_chat, _last) = (Text(sent, "chat_id"), Text(sent, "message_id"));
        var answer = await _emulator.WaitForAnswerAsync(_chat, _last, "asst:helpful", cancellation);
        _last = Text(answer, "message_id");
        Expect(answer.ToJsonString().Contains("12,000 CNY", StringComparison.Ordinal), $"not the answer to the question: {answer.ToJsonString()}");
    }

    private async Task RateAsync(CancellationToken cancellation)
    {
        var clicked = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = _last, text = "👍 Helpful" }, cancellation);
        Expect(clicked["toast"]?["type"]?.GetValue<string>() == "success", $"no thanks for the verdict: {clicked.ToJsonString()}");
    }

    private async Task DingTalkAsync(CancellationToken cancellation)
    {
        await UntilAsync(StateOf("dingtalk", cancellation), s => s["connections"]!.AsArray().Count > 0, "the gateway's stream is not connected", cancellation);
        await LinkAsync("dingtalk", null, cancellation);
        await _emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "And who approves it?" }, cancellation);
        await UntilAsync(StateOf("dingtalk", cancellation), s => Says(s, "what is spent from the office budget"), "the conversation did not go on in DingTalk", cancellation);
    }

    private async Task WeComAsync(CancellationToken cancellation)
    {
        await LinkAsync("wecom", "aibot", cancellation);
        await _emulator.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", text = "And next year?" }, cancellation);
        await UntilAsync(StateOf("wecom", cancellation), s => Says(s, "The office budget for 2027"), "the conversation did not go on in WeCom", cancellation);
    }

    private async Task LinkAsync(string platform, string? to, CancellationToken cancellation)
    {
        var asked = await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "/link" }, cancellation);
        var told = await _emulator.WaitForAnswerAsync(_chat, Text(asked, "message_id"), "/link ", cancellation);
        var code = LinkCode().Match(told.ToJsonString()).Groups[1].Value;
        Expect(code.Length == 8, $"no code in {told.ToJsonString()}");
        var action = new JsonObject { ["platform"] = platform, ["as"] = "alice", ["do"] = "send", ["text"] = "/link " + code };
        if (to is not null) action["to"] = to;
        await _emulator.ActAsync(action, cancellation);
        // Typing it links nobody: she is asked where she got it, by the name of the other account.
        var question = await _emulator.WaitForAnswerAsync(_chat, Text(told, "message_id"), "lr_", cancellation);
        var confirmed = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = Text(question, "message_id"), text = "Link" }, cancellation);
        Expect(confirmed["toast"]?["type"]?.GetValue<string>() == "success", $"the link was not confirmed: {confirmed.ToJsonString()}");
        await UntilAsync(StateOf(platform, cancellation), s => Says(s, "Linked.") || Says(s, "关联成功"), $"Alice was not linked on {platform}", cancellation);
    }

    private Func<Task<JsonNode>> StateOf(string platform, CancellationToken cancellation) => async () =>
        (await _emulator.StateAsync(cancellation))[platform] ?? throw new SmokeFailure($"the emulator has no {platform}");

    private static bool Says(JsonNode state, string text) => state.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        .Contains(text, StringComparison.Ordinal);

    [GeneratedRegex("/link ([A-Z0-9]{8})")]
    private static partial Regex LinkCode();
}

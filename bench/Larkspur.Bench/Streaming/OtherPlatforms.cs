using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Bench.Streaming;

/// <summary>A platform beside Feishu that answers stream on: how its people ask, and what a frame looks like.</summary>
/// <param name="Name">For people.</param>
/// <param name="Key">As the gateway and the emulator's control name it.</param>
/// <param name="IdealPerSecond">Frames a second that its limits leave for so many answers at once.</param>
/// <param name="Settings">Of the gateway.</param>
/// <param name="To">Whom people write to; null: the platform has one bot.</param>
/// <param name="ReadFrame">The text that a call shows, and whether it is the last; null: the call is no frame.</param>
internal sealed record OtherPlatform(string Name, string Key, Func<int, double> IdealPerSecond, Func<EmulatorSettings, IEnumerable<KeyValuePair<string, string?>>> Settings, string? To,
    Func<ApiCall, (string Text, bool IsLast)?> ReadFrame)
{
    /// <summary>An AI bot's stream over its long connection: 30 messages a minute of a conversation, of which the gateway makes one frame in 2.5 s.</summary>
    public static OtherPlatform WeCom { get; } = new("WeCom", "wecom", static answers => answers / 2.5, static s =>
    [
        new("WECOM_CORP_ID", s.WeCom.CorpId), new("WECOM_AIBOT_ID", s.WeCom.AiBotId), new("WECOM_AIBOT_SECRET", s.WeCom.AiBotSecret),
    ], "aibot", static call =>
    {
        if (!call.RequestBody.Contains("\"stream\"", StringComparison.Ordinal) || JsonNode.Parse(call.RequestBody)?["body"]?["stream"] is not { } stream) return null;
        return (stream["content"]?.GetValue<string>() ?? "", stream["finish"]?.GetValue<bool>() == true);
    });

    /// <summary>An AI card: 10 frames a second of the whole app. An app may call an API 20 times a second, and the field refuses streaming earlier, so the SDK paces at half of it.</summary>
    public static OtherPlatform DingTalk { get; } = new("DingTalk", "dingtalk", static _ => 10, static s =>
    [
        new("DINGTALK_CLIENT_ID", s.DingTalk.ClientId), new("DINGTALK_CLIENT_SECRET", s.DingTalk.ClientSecret), new("DINGTALK_ROBOT_CODE", s.DingTalk.RobotCode),
        new("DINGTALK_CARD_TEMPLATE", "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema"),
    ], null, static call =>
    {
        if (!call.Path.EndsWith("/card/streaming", StringComparison.Ordinal) || JsonNode.Parse(call.RequestBody) is not { } frame) return null;
        return (frame["content"]?.GetValue<string>() ?? "", frame["isFinalize"]?.GetValue<bool>() == true);
    });

    /// <summary>A person asks.</summary>
    public Task AskAsync(EmulatorApp emulator, string person, string text)
    {
        var action = new JsonObject { ["platform"] = Key, ["as"] = person, ["do"] = "send", ["text"] = text };
        if (To is not null) action["to"] = To;
        return emulator.ActAsync(action);
    }

    /// <summary>Marks an answer's text, so that its frames are known wherever they come by.</summary>
    public static string MarkOf(int number) => string.Create(CultureInfo.InvariantCulture, $"答案{number:0000} ");

    /// <summary>Whose answer a text is; -1: nobody's.</summary>
    public static int NumberOf(string text) => text.StartsWith("答案", StringComparison.Ordinal) && text.Length >= 6 && int.TryParse(text.AsSpan(2, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

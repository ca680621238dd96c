using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>DingTalk's.</summary>
internal sealed class DingTalkClient(ThreePlatforms platforms, string who) : PlatformClient(platforms, who)
{
    public override string Kind => "dingtalk";

    public override string? SendPath => "/robot/sendBySession*";

    public override string? DoctorCheck => "dingtalk";

    public override Task SayAsync(string text) => ActAsync(new { platform = "dingtalk", @as = Who, @do = "send", text });

    public override async Task SayInGroupAsync(string text, bool mention) =>
        await ActAsync(new { platform = "dingtalk", @as = Who, @do = "send", chat = await GroupAsync(), text, at = mention });

    public override Task SendPictureAsync(byte[] png) =>
        ActAsync(new { platform = "dingtalk", @as = Who, @do = "send", msg_type = "picture", base64 = Base64(png), name = "a.png" });

    public override async Task QuoteAsync(string theirs, string text)
    {
        var chat = await GroupAsync();
        var said = await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "send", chat, text = theirs, at = false });
        var reply_to = said["message_id"]!.GetValue<string>();
        await ActAsync(new { platform = "dingtalk", @as = Who, @do = "send", chat, text, reply_to });
    }

    /// <summary>A message that comes over the stream again is answered by the SDK, from its memory.</summary>
    public override async Task<Func<Task<bool>>> SayTwiceDeliveredAsync(string text)
    {
        var before = await AnsweredAsync();
        await DuplicateNextAsync("/v1.0/im/bot/messages/get");
        await SayAsync(text);
        return async () => await AnsweredAsync() >= before + 2;

        async Task<int> AnsweredAsync() =>
            (await Platforms.Emulator.StateAsync())["dingtalk"]!["connections"]!.AsArray().Sum(c => c!["answered"]!.GetValue<int>());
    }

    public override async Task<IReadOnlyList<Said>> SaidAsync()
    {
        var state = (await Platforms.Emulator.StateAsync())["dingtalk"]!;
        return
        [
            .. state["messages"]!.AsArray().Where(m => m!["sender"]!["type"]!.GetValue<string>() == "robot" && m["out_track_id"] is null)
                .Select(m => new Said(m!["text"]!.GetValue<string>(), [])),
            .. state["cards"]!.AsArray().Select(c => new Said($"{c!["text"]}\n{c["data"]?["note"]}", Buttons(c))),
        ];
    }

    private SaidButton[] Buttons(JsonNode card) => JsonNode.Parse(card["data"]?["buttons"]?.GetValue<string>() ?? "[]") is not JsonArray list ? [] :
    [
        .. list.Select(b => new SaidButton(b!["text"]!.GetValue<string>(), async () => Json(await ActAsync(new
        {
            platform = "dingtalk", @as = Who, @do = "click", card = card["out_track_id"]!.GetValue<string>(), action = b["params"]!["action"]!.GetValue<string>(),
        })))),
    ];

    private async Task<string> GroupAsync() => (await Platforms.Emulator.StateAsync())["dingtalk"]!["chats"]!.AsArray()
        .Single(c => c!["title"]!.GetValue<string>() == "采购协作群")!["chat_id"]!.GetValue<string>();
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>Feishu's.</summary>
internal sealed class FeishuClient(ThreePlatforms platforms, string who) : PlatformClient(platforms, who)
{
    private const string Bot = "@Larkspur 助手 ";

    public override string Kind => "feishu";

    public override string? SendPath => "/open-apis/im/v1/messages*";

    public override string? DoctorCheck => "credentials";

    public override Task SayAsync(string text) => ActAsync(new { @as = Who, @do = "send", text });

    public override Task SayInGroupAsync(string text, bool mention) =>
        ActAsync(new { @as = Who, @do = "send", chat = SeededCompany.PurchasingChat, text = mention ? Bot + text : text });

    public override Task SendPictureAsync(byte[] png) =>
        ActAsync(new { @as = Who, @do = "send", msg_type = "image", base64 = Base64(png), name = "a.png" });

    public override async Task QuoteAsync(string theirs, string text)
    {
        var said = await ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat, text = theirs });
        await ActAsync(new { @as = Who, @do = "reply", message_id = said["message_id"]!.GetValue<string>(), text = Bot + text });
    }

    public override async Task<Func<Task<bool>>> SayTwiceDeliveredAsync(string text)
    {
        var duplicated = await CountDuplicatesAsync();
        await DuplicateNextAsync("im.message.receive_v1");
        await SayAsync(text);
        return duplicated;
    }

    public override Task<IReadOnlyList<Said>> SaidAsync()
    {
        var state = Platforms.Emulator.State;
        return Task.FromResult<IReadOnlyList<Said>>(
        [
            .. state.Chats().SelectMany(c => state.Messages(c.ChatId)).Where(m => m.SenderKind == SenderKind.App).Select(m =>
            {
                var card = m.Card is { } shown ? JsonNode.Parse(shown.Json) : null;
                return new Said(card is null ? m.Rendered : Json(card), [.. Buttons(card).Select(label => new SaidButton(label, () => ClickAsync(m.MessageId, label)))]);
            }),
        ]);
    }

    private static IEnumerable<string> Buttons(JsonNode? part) => part switch
    {
        JsonArray list => list.SelectMany(Buttons),
        JsonObject one when one["tag"]?.ToString() == "button" && one["text"]?["content"] is { } label => [label.ToString()],
        JsonObject one => one.SelectMany(member => Buttons(member.Value)),
        _ => [],
    };

    private async Task<string> ClickAsync(string message, string text) =>
        Json(await ActAsync(new { @as = Who, @do = "click", message_id = message, text, locale = "zh_cn" }));
}

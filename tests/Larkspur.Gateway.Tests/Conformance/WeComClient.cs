using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>WeCom's, with its application or its AI bot.</summary>
/// <param name="platforms">The emulated platforms.</param>
/// <param name="who">Whose.</param>
/// <param name="to"><c>app</c> or <c>aibot</c>.</param>
internal sealed class WeComClient(ThreePlatforms platforms, string who, string to) : PlatformClient(platforms, who)
{
    private const string Group = "wrLarkspurPurchasing0000000000001";

    public override string Kind => to == "app" ? "wecom app" : "wecom bot";

    public override string? SendPath => to == "app" ? "/cgi-bin/message/send" : null;

    /// <summary>"System busy". Its rate limit is one of minutes.</summary>
    protected override int NotNow => 503;

    public override string? DoctorCheck => "wecom";

    public override Task SayAsync(string text) => ActAsync(new { platform = "wecom", @as = Who, @do = "send", text, to });

    public override Task SayInGroupAsync(string text, bool mention) => to == "app" ? base.SayInGroupAsync(text, mention)
        : ActAsync(mention ? new { platform = "wecom", @as = Who, @do = "send", chat = Group, text, to }
            : new { platform = "wecom", @as = Who, @do = "send", chat = Group, text });

    public override Task SendPictureAsync(byte[] png) =>
        ActAsync(new { platform = "wecom", @as = Who, @do = "send", to, msg_type = "image", base64 = Base64(png), name = "a.png" });

    public override async Task QuoteAsync(string theirs, string text)
    {
        if (to == "app") await base.QuoteAsync(theirs, text);
        var said = await ActAsync(new { platform = "wecom", @as = "bob", @do = "send", chat = Group, text = theirs });
        var reply_to = said["message_id"]!.GetValue<string>();
        await ActAsync(new { platform = "wecom", @as = Who, @do = "send", chat = Group, text, to, reply_to });
    }

    public override async Task<Func<Task<bool>>> SayTwiceDeliveredAsync(string text)
    {
        var duplicated = await CountDuplicatesAsync();
        await DuplicateNextAsync("text");
        await SayAsync(text);
        return duplicated;
    }

    public override async Task<IReadOnlyList<Said>> SaidAsync() =>
    [
        .. (await Platforms.Emulator.StateAsync())["wecom"]!["messages"]!.AsArray()
            .Where(m => m!["sender"]!["type"]!.GetValue<string>() == to && !m["dropped"]!.GetValue<bool>())
            .Select(m => new Said(m!["text"]!.GetValue<string>(), Buttons(m))),
    ];

    private SaidButton[] Buttons(JsonNode message) => message["card"]?["button_list"] is not JsonArray list ? [] :
    [
        .. list.Select(b => new SaidButton(b!["text"]!.GetValue<string>(), async () => Json(await ActAsync(new
        {
            platform = "wecom", @as = Who, @do = "click", to, message_id = message["message_id"]!.GetValue<string>(), key = b["key"]!.GetValue<string>(),
        })))),
    ];
}

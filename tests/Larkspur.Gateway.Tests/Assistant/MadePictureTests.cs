using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.DingTalk;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>A picture that the backend has made for an answer is shown in the chat, on each platform once.</summary>
public sealed class MadePictureTests
{
    private const string Chart = "spending-en.png";

    /// <summary>The status of a row of the outbox.</summary>
    private const int Sent = 1;

    private static readonly DifyApp Drawing = DifyApp.Echo with { Makes = [Chart] };

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom app")]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task It_comes_after_the_words(string platform)
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(Drawing);
        await platforms.SayAsync(platform, "How much?");
        await platforms.ShowsAsync(platform, "12,000 CNY");
        await platforms.UntilAsync(async () => (await SentPictures.OnAsync(platforms, platform)).Count > 0, "the picture");
        await AssertShownOnceAsync(platforms, platform);
        Assert.DoesNotContain("cannot be shown", await platforms.SaidAsync(platform), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_comes_after_an_answer_in_DingTalks_card()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(Drawing, ("DINGTALK_CARD_TEMPLATE", DingTalkFixture.Template));
        await platforms.SayAsync("dingtalk", "How much?");
        await platforms.UntilAsync(async () => (await SentPictures.OnAsync(platforms, "dingtalk")).Count > 0, "the picture");
        await AssertShownOnceAsync(platforms, "dingtalk");
        Assert.Single((await platforms.Emulator.StateAsync())["dingtalk"]!["cards"]!.AsArray());
    }

    [Fact]
    public async Task What_another_process_left_in_the_outbox_comes_once()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(Drawing);
        // The words go by the session's address, the picture by the robot: it alone is told to wait.
        await platforms.FaultAsync(new { path = "/v1.0/robot/oToMessages/batchSend", reply = 429, count = 1 });
        await platforms.SayAsync("dingtalk", "How much?");
        await platforms.UntilAsync(async () => (await RowsAsync(platforms)).Count > 0, "the picture's row");
        await platforms.RestartAsync();
        await platforms.UntilAsync(async () => (await SentPictures.OnAsync(platforms, "dingtalk")).Count > 0, "the picture");
        await AssertShownOnceAsync(platforms, "dingtalk");
    }

    [Fact]
    public async Task Masks_hold_for_the_words_beside_it()
    {
        await using var platforms = await ThreePlatforms.WithDifyAsync(Drawing, ("Larkspur:Assistant:Masking", "mobile"));
        await platforms.SayAsync("feishu", "Call 13812345678?");
        await platforms.UntilAsync(async () => (await SentPictures.OnAsync(platforms, "feishu")).Count > 0, "the picture");
        var said = await platforms.SaidAsync("feishu");
        Assert.Contains("12,000 CNY", said, StringComparison.Ordinal);
        Assert.DoesNotContain("13812345678", said, StringComparison.Ordinal);
        await AssertShownOnceAsync(platforms, "feishu");
    }

    private static async Task AssertShownOnceAsync(ThreePlatforms platforms, string platform)
    {
        await platforms.UntilAsync(async () => (await RowsAsync(platforms)).All(status => status != 0), "the outbox");
        Assert.Equal([Sent], await RowsAsync(platforms));
        Assert.Equal(SentPictures.Made(Chart), Assert.Single(await SentPictures.OnAsync(platforms, platform)));
    }

    private static Task<List<int>> RowsAsync(ThreePlatforms platforms) =>
        platforms.RowsAsync("SELECT status FROM outbox WHERE operation = 'picture'", row => row.GetInt32(0));
}

/// <summary>Pictures as the emulated platforms have them.</summary>
internal static class SentPictures
{
    /// <summary>The bytes of a picture that the emulated Dify makes.</summary>
    public static byte[] Made(string name)
    {
        using var stream = typeof(DifyApp).Assembly.GetManifestResourceStream("dify/" + name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>What the bot has sent there.</summary>
    public static async Task<IReadOnlyList<byte[]>> OnAsync(ThreePlatforms platforms, string platform)
    {
        var state = await platforms.Emulator.StateAsync();
        var keys = platform switch
        {
            "feishu" => Of(state["messages"]!, "msg_type", "image", "app").Select(m => Content(m)["image_key"]),
            "wecom app" => Of(state["wecom"]!["messages"]!, "msgtype", "image", "app").Select(m => m["content"]!["file_key"]),
            "wecom bot" => Of(state["wecom"]!["messages"]!, "msgtype", "image", "aibot").Select(m => m["content"]!["file_key"]),
            _ => Of(state["dingtalk"]!["messages"]!, "kind", "sampleImageMsg", "robot").Select(m => m["media"]),
        };
        return [.. keys.Select(key => platforms.Emulator.State.File(key!.GetValue<string>())!.Bytes.ToArray())];
    }

    private static IEnumerable<JsonNode> Of(JsonNode messages, string field, string kind, string by) => messages.AsArray()
        .Where(m => m![field]!.GetValue<string>() == kind && m["sender"]!["type"]!.GetValue<string>() == by).Select(m => m!);

    private static JsonNode Content(JsonNode message) =>
        message["content"] is JsonObject content ? content : JsonNode.Parse(message["content"]!.GetValue<string>())!;
}

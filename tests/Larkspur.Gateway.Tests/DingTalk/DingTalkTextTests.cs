using Larkspur.Gateway.Common;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>What DingTalk shows of Markdown, how long texts are split, and what settings are refused.</summary>
public sealed class DingTalkTextTests
{
    [Theory]
    [InlineData("![p](https://x.example/a.png)", "[p](https://x.example/a.png)")]
    [InlineData("[go](dtmd://dingtalkclient/sendMessage?content=yes)", "go")]
    [InlineData("[go](javascript:alert)", "go")]
    [InlineData("[go](https://x.example/(a))", "[go](https://x.example/(a))")]
    [InlineData("```\n![p](https://x.example/a.png)\n```", "```\n![p](https://x.example/a.png)\n```")]
    public void What_acts_or_loads_by_itself_becomes_words(string written, string shown) => Assert.Equal(shown, DingTalkMarkdown.ForCard(written));

    [Fact]
    public void Tables_become_lists_and_line_breaks_stay_in_messages()
    {
        Assert.Equal("- A: 1; B: 2\n- A: 3; B: 4", DingTalkMarkdown.ForMessage("| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"));
        Assert.Equal("one  \ntwo\n\n- three", DingTalkMarkdown.ForMessage("one\ntwo\n\n- three"));
    }

    [Fact]
    public void Long_texts_are_split_without_loss_and_code_stays_code()
    {
        var text = string.Join("\n\n", Enumerable.Range(1, 200).Select(n => $"Paragraph {n} 你好 " + new string('x', n)));
        var parts = MessageParts.Of(text, "cut", 3000);
        Assert.True(parts.Count > 5);
        Assert.All(parts, p => Assert.True(MessageParts.Bytes(p) <= 3000));
        Assert.Equal(Bare(text), Bare(string.Concat(parts)));

        var code = MessageParts.Of("```\n" + string.Join('\n', Enumerable.Repeat("line of code", 100)) + "\n```", "cut", 500);
        Assert.All(code, p => Assert.Equal(0, p.Split('\n').Count(l => l == "```") % 2));
        var named = MessageParts.Of("```sql\n" + string.Join('\n', Enumerable.Repeat("select 1;", 100)) + "\n```", "cut", 500);
        Assert.All(named, p => Assert.StartsWith("```sql\n", p, StringComparison.Ordinal));
        Assert.All(named, p => Assert.True(MessageParts.Bytes(p) <= 500));
        Assert.EndsWith("cut", MessageParts.Of(new string('y', 100_000), "cut", 100)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_settings_is_named_at_start()
    {
        var e = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:9", new Dictionary<string, string?>
        {
            ["DINGTALK_CLIENT_ID"] = "ding1", ["DINGTALK_TOKEN"] = "a!", ["DINGTALK_EVENT_MODE"] = "pigeon", ["DINGTALK_CARD_FRAMES"] = "many", ["DINGTALK_BASE_URL"] = "ftp://x",
            ["Larkspur:DingTalk:Apps:Bad_Name:ClientId"] = "x", ["Larkspur:DingTalk:Apps:two:ClientId"] = "ding1", ["Larkspur:DingTalk:Apps:two:ClientSecret"] = "s", ["Larkspur:DingTalk:Apps:two:RobotCode"] = "r",
        }));
        foreach (var name in (string[])["DINGTALK_CLIENT_SECRET", "DINGTALK_ROBOT_CODE", "DINGTALK_TOKEN and DINGTALK_AES_KEY", "DINGTALK_EVENT_MODE", "DINGTALK_CARD_FRAMES", "DINGTALK_BASE_URL", "Apps:Bad_Name", "same client id ding1"])
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}

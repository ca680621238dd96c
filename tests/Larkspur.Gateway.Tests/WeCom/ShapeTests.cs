using System.Text;
using Larkspur.Gateway.Platforms.WeCom;
using Microsoft.Extensions.Configuration;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>Markdown for applications, pages, lanes, and settings.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Markdown_is_reduced_to_what_an_application_shows()
    {
        const string Text = "# 标题\n\n- 一\n- [x] 二\n  - 三\n\n| 名称 | 数量 |\n|---|---:|\n| 显示器 | 2 |\n\n```csharp\nvar a = 1;\n```\n\n![图](https://a.example/p.png) ~~旧~~ __粗__ **粗** `代码`\n\n---";
        Assert.Equal("# 标题\n\n• 一\n• 二\n  • 三\n\n名称　数量\n显示器　2\n\n> var a = 1;\n\n[图](https://a.example/p.png) 旧 **粗** **粗** `代码`\n\n————", WeComMarkdown.Reduce(Text));
    }

    [Fact]
    public void Pages_end_at_paragraphs_and_never_inside_a_character_or_an_open_code_block()
    {
        var text = "```sql\n" + string.Join('\n', Enumerable.Range(0, 200).Select(n => $"select '😀字' as c{n};")) + "\n```\n\n" + string.Join("\n\n", Enumerable.Repeat(new string('长', 150), 20));
        var pages = WeComPages.Split(text, 2048);
        Assert.All(pages, p => Assert.True(Encoding.UTF8.GetByteCount(p) <= 2048));
        Assert.All(pages, p => Assert.Equal(0, p.Split('\n').Count(l => l.StartsWith("```", StringComparison.Ordinal)) % 2));
        Assert.All(pages, p => Assert.DoesNotContain('\uFFFD', p));
        for (var n = 0; n < 200; n++) Assert.Single(pages, p => p.Contains($"as c{n};", StringComparison.Ordinal));
        Assert.Equal([""], WeComPages.Split("", 2048));
        Assert.Equal(new string('x', 5000), string.Concat(WeComPages.Split(new string('x', 5000), 2048)));
    }

    [Fact]
    public void A_block_that_holds_fences_itself_is_closed_and_opened_by_its_own()
    {
        var text = "~~~~md\n" + string.Concat(Enumerable.Range(0, 200).Select(n => $"```\ncode {n}\n```\n")) + "~~~~\nend";
        var pages = WeComPages.Split(text, 1024);
        Assert.True(pages.Count > 2);
        Assert.All(pages, p => Assert.Null(CodeFence.OpenIn(p)));
        Assert.All(pages, p => Assert.StartsWith("~~~~md\n", p, StringComparison.Ordinal));
        Assert.All(pages, p => Assert.True(Encoding.UTF8.GetByteCount(p) <= 1024));
        Assert.Equal("> ```\n> a", WeComMarkdown.Reduce("````\n```\na\n````"));
    }

    [Fact]
    public void All_lanes_of_a_bot_are_in_the_partition_of_its_connection()
    {
        foreach (var conversation in Enumerable.Range(0, 50).Select(n => $"user{n}"))
            Assert.Equal(WeComLanes.PartitionOfBot("sales"), Gateway.Storage.Leases.Partitions.Of("sales", WeComLanes.OfBot("sales", conversation)));
    }

    [Fact]
    public void All_that_is_wrong_with_the_settings_is_said_at_once()
    {
        var problems = new List<string>();
        WeComSettings.Read(Settings(("WECOM_CORP_ID", "ww1"), ("WECOM_AGENT_ID", "x"), ("WECOM_AIBOT_ID", "b1"), ("WECOM_BASE_URL", "nowhere"), ("Larkspur:WeCom:Apps:Sales:CorpId", "ww2")), problems);
        Assert.Contains(problems, p => p.StartsWith("WECOM_SECRET: missing", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("WECOM_AGENT_ID: \"x\"", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("WECOM_BASE_URL:", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("WECOM_AIBOT_SECRET for the long connection", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("Larkspur:WeCom:Apps:Sales: an app's name", StringComparison.Ordinal));
    }

    [Fact]
    public void An_app_is_an_application_a_bot_or_both_and_the_socket_follows_a_loopback()
    {
        var problems = new List<string>();
        var apps = WeComSettings.Read(Settings(
            ("WECOM_AIBOT_ID", "b1"), ("WECOM_AIBOT_SECRET", "s"), ("WECOM_BASE_URL", "http://127.0.0.1:8081"),
            ("Larkspur:WeCom:Apps:hr:CorpId", "ww1"), ("Larkspur:WeCom:Apps:hr:AgentId", "7"), ("Larkspur:WeCom:Apps:hr:Secret", "s"),
            ("Larkspur:WeCom:Apps:proxied:AiBotId", "b2"), ("Larkspur:WeCom:Apps:proxied:AiBotSecret", "s"), ("Larkspur:WeCom:Apps:proxied:BaseUrl", "https://proxy.example")), problems);
        Assert.Empty(problems);
        Assert.Null(apps["default"].Application);
        Assert.Null(apps["default"].Bot!.SocketUrl);
        Assert.Equal(7, apps["hr"].Application!.AgentId);
        Assert.Null(apps["hr"].Bot);
        Assert.Equal("openws.work.weixin.qq.com", apps["proxied"].Bot!.SocketUrl!.Host);
        Assert.Empty(WeComSettings.Read(Settings(("WECOM_BASE_URL", "http://127.0.0.1:8081")), problems));
    }

    private static IConfiguration Settings(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create<string, string?>(v.Key, v.Value))).Build();
}

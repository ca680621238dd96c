using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>What a plug-in's commands do on each platform.</summary>
public sealed partial class PluginCommandTests
{
    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom app")]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task A_command_and_its_other_name_run_and_keep_what_they_count(string platform)
    {
        await using var fixture = await ThreePlatforms.StartAsync();
        await fixture.SayAsync(platform, "/tally");
        await fixture.ShowsAsync(platform, "tally 1");
        await fixture.SayAsync(platform, "／计数 again");
        await fixture.ShowsAsync(platform, "tally 2");
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task A_command_learns_who_called_and_help_shows_it(string platform)
    {
        await using var fixture = await ThreePlatforms.StartAsync();
        await fixture.SayAsync(platform, "/who goes there");
        await fixture.ShowsAsync(platform, $"on {platform.Split(' ')[0]}, said: goes there");
        Assert.Matches("pe_[0-9a-f]+ on", await fixture.SaidAsync(platform));
        await fixture.SayAsync(platform, "/help");
        await fixture.ShowsAsync(platform, "probe tally");
        Assert.DoesNotContain("/new", await fixture.SaidAsync(platform), StringComparison.Ordinal);
        await fixture.SayAsync(platform, "/帮助");
        await fixture.ShowsAsync(platform, "探针 tally");
    }

    [Fact]
    public async Task A_card_in_no_platforms_words_has_buttons_on_Feishu_and_its_facts_elsewhere()
    {
        await using var fixture = await ThreePlatforms.StartAsync();
        var chat = (await fixture.SayAsync("feishu", "/face please"))["chat_id"]!.GetValue<string>();
        await fixture.ShowsAsync("feishu", "Take it");
        var shown = (await fixture.Emulator.StateAsync())["messages"]!.AsArray().Last(m => m!["chat_id"]!.GetValue<string>() == chat)!;
        var card = shown["message_id"]!.GetValue<string>();
        var value = JsonNode.Parse(Button().Match(shown["content"]!.GetValue<string>()).Groups[1].Value);
        var clicked = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, value });
        Assert.Contains("L-1", clicked["toast"]?.ToJsonString() ?? clicked.ToJsonString(), StringComparison.Ordinal);

        await fixture.SayAsync("dingtalk", "/face please");
        await fixture.ShowsAsync("dingtalk", "Days");
        Assert.DoesNotContain("天数", await fixture.SaidAsync("dingtalk"), StringComparison.Ordinal);
        await fixture.SayAsync("wecom bot", "/face 谢谢");
        await fixture.ShowsAsync("wecom bot", "天数");
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom bot")]
    [InlineData("dingtalk")]
    public async Task An_answer_that_grows_ends_whole_also_where_nothing_grows(string platform)
    {
        await using var fixture = await ThreePlatforms.StartAsync();
        await fixture.SayAsync(platform, "/pour it");
        await fixture.ShowsAsync(platform, "drop by drop");
        await fixture.ShowsAsync(platform, "the end");
    }

    [Theory]
    [InlineData("feishu", "/boom")]
    [InlineData("feishu", "/late-boom")]
    [InlineData("wecom bot", "/boom")]
    [InlineData("dingtalk", "/boom")]
    public async Task A_command_that_throws_is_apologised_for_with_a_reference_and_holds_nothing_up(string platform, string command)
    {
        await using var fixture = await ThreePlatforms.StartAsync();
        await fixture.SayAsync(platform, command);
        await fixture.SayAsync(platform, "/tally");
        await fixture.ShowsAsync(platform, "tally 1");
        await fixture.UntilAsync(async () => Reference().IsMatch(await fixture.SaidAsync(platform)), "the apology");
        var said = await fixture.SaidAsync(platform);
        Assert.DoesNotContain("inner detail", said, StringComparison.Ordinal);
        Assert.Contains(Reference().Match(said).Value, fixture.Gateway.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("an inner detail", fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_comes_ten_times_counts_once()
    {
        await using var feishu = await FeishuStub.StartAsync();
        var settings = new Dictionary<string, string?> { ["Larkspur:Plugins:0"] = "" };
        await using var gateway = await GatewayApp.StartAsync(
            feishu.Address, settings, configure: builder => builder.AddGatewayPlugin(new ProbePlugin()));
        var push = new FeishuPush();
        var (eventId, message) = (FeishuPush.NewId("ev_"), FeishuPush.Message("/tally"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => push.SendAsync(gateway, "im.message.receive_v1", message, eventId)));
        Assert.Contains("tally 1", (await feishu.NextAsync()).Content, StringComparison.Ordinal);
        await push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/tally"));
        Assert.Contains("tally 2", (await feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal(2, feishu.Calls.Count);
    }

    [Fact]
    public async Task A_button_of_a_plug_in_stands_on_no_card_that_is_sent_over_the_API()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address);
        var card = """
            {"schema":"2.0","body":{"elements":[{"tag":"button","text":{"tag":"plain_text","content":"x"},
             "behaviors":[{"type":"callback","value":{"kind":"plugin.probe.leave","card":"L-1"}}]}]}}
            """;
        using var body = new StringContent($$"""{"to":{"chat_id":"oc_1"},"card":{{card}}}""", null, "application/json");
        var cancellation = TestContext.Current.CancellationToken;
        using var refused = await gateway.Http.PostAsync(new Uri("/api/v1/messages", UriKind.Relative), body, cancellation);
        Assert.Equal(422, (int)refused.StatusCode);
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(cancellation));
        Assert.Equal("reserved_value", problem.GetProperty("error").GetString());
    }

    [GeneratedRegex("\"value\":(\\{\"kind\":\"plugin[^}]*\\})")]
    private static partial Regex Button();

    [GeneratedRegex("[0-9A-Z]{4}-[0-9A-Z]{4}")]
    private static partial Regex Reference();
}

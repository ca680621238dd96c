using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Robots;

/// <summary>What a group robot says arrives in its group, on every platform; and what does not is told with what to do.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class RobotTests
{
    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    public async Task Text_markdown_and_cards_arrive_in_order_and_the_robot_is_well(string platform)
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync(platform, "ops");
        var before = (await fixture.SaidAsync(platform)).Count;
        var text = await fixture.SayAsync("ops", new { text = "Disk full on db1 <at user_id=\"all\"></at>" });
        Assert.Equal(("sent", "robot", "ops"), (Text(text, "state"), Text(text, "target_type"), Text(text, "target")));
        Assert.Equal("sent", Text(await fixture.SayAsync("ops", new { markdown = "**Disk full** on [db1](https://db1.example.com)" }), "state"));
        var card = new
        {
            card_message = new
            {
                title = "Deployment 4711", status = "success", facts = new[] { new { label = "Stage", value = "production" } },
                actions = new[] { new { id = "open", label = "Open the log", url = "https://ci.example.com/4711" } },
            },
        };
        Assert.Equal("sent", Text(await fixture.SayAsync("ops", card), "state"));

        var said = (await fixture.SaidAsync(platform)).Skip(before).ToArray();
        Assert.Equal(3, said.Length);
        Assert.Contains("Disk full on db1", said[0].ToJsonString(), StringComparison.Ordinal);
        Assert.True(platform switch
        {
            "feishu" => said[0]["mentions"]!.ToJsonString().Contains("all", StringComparison.Ordinal),
            "wecom" => said[0]["content"]!["mentioned_list"]!.ToJsonString().Contains("@all", StringComparison.Ordinal),
            _ => said[0]["at_all"]!.GetValue<bool>(),
        }, said[0].ToJsonString());
        Assert.Contains("https://db1.example.com", said[1].ToJsonString(), StringComparison.Ordinal);
        foreach (var word in (string[])["Deployment 4711", "production", "Open the log", "https://ci.example.com/4711"])
            Assert.Contains(word, said[2].ToJsonString(), StringComparison.Ordinal);

        var robot = await fixture.RobotAsync("ops");
        Assert.Equal(("active", 0, 0), (Text(robot, "state"), robot.GetProperty("consecutive_failures").GetInt64(), robot.GetProperty("waiting").GetInt64()));
        Assert.Equal(JsonValueKind.String, robot.GetProperty("last_success_at").ValueKind);
        Assert.Equal(RobotFixture.SecretOf(platform) is not null, robot.GetProperty("signed").GetBoolean());

        var tested = await fixture.Gateway.PostRestAsync("/robots/ops/test", null);
        Assert.Equal((200, "delivered"), (tested.Status, tested.Text("state")));
        Assert.Equal(before + 4, (await fixture.SaidAsync(platform)).Count);
    }

    [Fact]
    public async Task The_same_message_under_one_key_is_said_once()
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync("feishu");
        var before = (await fixture.SaidAsync("feishu")).Count;
        var body = new { to = new { robot = "feishu" }, text = "once" };
        var first = await fixture.Gateway.PostRestAsync("/messages?wait=15", body, "k1");
        var second = await fixture.Gateway.PostRestAsync("/messages?wait=15", body, "k1");
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(409, (await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "feishu" }, text = "twice" }, "k1")).Status);
        Assert.Equal(before + 1, (await fixture.SaidAsync("feishu")).Count);
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("dingtalk")]
    public async Task A_wrong_secret_is_told_and_the_right_one_makes_it_well(string platform)
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync(platform, "ops", secret: "SEC-another-one-of-a-robot");
        await FailsAsync(fixture, "ops", "robot_sign", "secret");
        await FailsAsync(fixture, "ops", "robot_sign", "secret");
        var ill = await fixture.RobotAsync("ops");
        Assert.Equal(("failing", 2, "robot_sign"), (Text(ill, "state"), ill.GetProperty("consecutive_failures").GetInt64(), Text(ill.GetProperty("last_failure"), "reason")));
        var test = await fixture.Gateway.PostRestAsync("/robots/ops/test", null);
        Assert.Equal(("failed", "robot_sign"), (test.Text("state"), Text(test.Body.GetProperty("failure"), "reason")));
        Assert.Equal(200, (await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { secret = RobotFixture.SecretOf(platform) })).Status);
        Assert.Equal("sent", Text(await fixture.SayAsync("ops", new { text = "well again" }), "state"));
        var well = await fixture.RobotAsync("ops");
        Assert.Equal(("active", 0), (Text(well, "state"), well.GetProperty("consecutive_failures").GetInt64()));

        var unsigned = await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { signed = false });
        Assert.False(unsigned.Body.GetProperty("signed").GetBoolean());
        await FailsAsync(fixture, "ops", "robot_sign", "secret");
    }

    [Fact]
    public async Task A_missing_keyword_and_an_address_that_is_not_listed_are_told()
    {
        await using var fixture = await RobotFixture.StartAsync();
        var chat = (await fixture.Emulator.StateAsync())["custom_bots"]!.AsArray()[0]!["chat_id"]!.GetValue<string>();
        var bot = await fixture.Emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat, name = "alarms", keywords = new[] { "ALARM" } });
        var listed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat, name = "listed", allowed_addresses = new[] { "203.0.113.7" } });
        await fixture.AddAsync("feishu", "alarms", bot["path"]!.GetValue<string>());
        await fixture.AddAsync("feishu", "listed", listed["path"]!.GetValue<string>());
        await FailsAsync(fixture, "alarms", "robot_keyword", "keywords");
        await FailsAsync(fixture, "listed", "robot_ip", "list");
        Assert.Equal("sent", Text(await fixture.SayAsync("alarms", new { text = "ALARM: disk full" }), "state"));

        var group = (await fixture.Emulator.StateAsync())["dingtalk"]!["group_robots"]!.AsArray()[0]!["chat_id"]!.GetValue<string>();
        var owner = (await fixture.Emulator.StateAsync())["dingtalk"]!["chats"]!.AsArray().First(c => c!["chat_id"]!.GetValue<string>() == group)!["owner"]!.GetValue<string>();
        var robot = await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = owner, @do = "add_robot", chat = group, name = "alarms", token = "alarms-token-0001", keywords = new[] { "ALARM" } });
        await fixture.AddAsync("dingtalk", "ding-alarms", robot["webhook"]!.GetValue<string>());
        await FailsAsync(fixture, "ding-alarms", "robot_keyword", "keywords");
        Assert.Equal("sent", Text(await fixture.SayAsync("ding-alarms", new { text = "ALARM: disk full" }), "state"));
    }

    [Theory]
    [InlineData("feishu", "/open-apis/bot/v2/hook/00000000-0000-0000-0000-000000000000")]
    [InlineData("wecom", "/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000")]
    [InlineData("dingtalk", "/robot/send?access_token=00000000000000000000000000000000")]
    public async Task A_robot_that_was_removed_from_its_group_is_told(string platform, string path)
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync(platform, "ops", path);
        await FailsAsync(fixture, "ops", "robot_removed", "removed");
    }

    [Fact]
    public async Task A_robot_that_is_too_fast_waits_and_loses_nothing()
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync("wecom", "ops");
        // Somebody else uses up the minute.
        for (var i = 0; i < 20; i++)
        {
            using var answer = await fixture.Emulator.Http.PostAsJsonAsync("/cgi-bin/webhook/send?key=" + RobotFixture.WeComKey,
                new { msgtype = "text", text = new { content = "noise" } }, TestContext.Current.CancellationToken);
        }

        var sent = await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "ops" }, text = "patience" });
        Assert.Equal(202, sent.Status);
        JsonElement state = default;
        await fixture.HoldsAsync(async () =>
        {
            state = (await fixture.Gateway.GetRestAsync($"/messages/{sent.Id}")).Body;
            return state.GetProperty("failure").ValueKind == JsonValueKind.Object;
        });
        Assert.Equal(("queued", "robot_too_fast"), (Text(state, "state"), Text(state.GetProperty("failure"), "reason")));
        Assert.Equal(1, (await fixture.RobotAsync("ops")).GetProperty("waiting").GetInt64());
    }

    [Theory]
    [InlineData("feishu", 5, 100)]
    [InlineData("wecom", null, 20)]
    [InlineData("dingtalk", null, 18)]
    public async Task Each_robot_has_the_limit_of_its_platform_and_all_of_one_address_share_it(string platform, int? second, int minute)
    {
        await using var fixture = await RobotFixture.StartAsync();
        await fixture.AddAsync(platform, "one");
        await fixture.AddAsync(platform, "two");
        var (robots, channel) = (fixture.Gateway.Services.GetRequiredService<RobotStore>(), fixture.Gateway.Services.GetServices<IChannel>().Single(c => c.Platform == "robot"));
        var (one, two) = (channel.PaceOf(Entry(robots.Find("one")!)), channel.PaceOf(Entry(robots.Find("two")!)));
        Assert.Equal(new RateLimit(second, minute), one!.Value.Limit);
        Assert.Equal(one.Value.Key, two!.Value.Key);
        Assert.DoesNotContain(RobotFixture.FeishuToken, one.Value.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waited_for_a_deleted_robot_is_not_said_by_another_one_of_its_name()
    {
        await using var fixture = await RobotFixture.StartAsync(("Larkspur:Outbox:Enabled", "false"));
        await fixture.AddAsync("feishu", "ops");
        var sent = await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "ops" }, text = "for the first one" });
        Assert.Equal(204, (await fixture.Gateway.RestAsync(HttpMethod.Delete, "/robots/ops")).Status);
        await fixture.AddAsync("wecom", "ops");
        await fixture.RestartAsync(RobotFixture.Settings);
        var ended = await fixture.Gateway.EndOfAsync(sent.Id);
        Assert.Equal(("failed", "robot_deleted"), (Text(ended, "state"), Text(ended.GetProperty("failure"), "reason")));
        Assert.Equal(0, (await fixture.RobotAsync("ops")).GetProperty("consecutive_failures").GetInt64());
    }

    [Fact]
    public async Task What_is_queued_for_a_robot_that_is_switched_off_waits_until_it_is_on()
    {
        await using var fixture = await RobotFixture.StartAsync(("Larkspur:Outbox:Enabled", "false"));
        await fixture.AddAsync("feishu", "ops");
        var sent = await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "ops" }, text = "later" });
        Assert.Equal("off", (await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { enabled = false })).Text("state"));
        var refused = await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "ops" }, text = "now" });
        Assert.Equal((409, "robot_off", "/to/robot"), (refused.Status, refused.Error, refused.Pointer));
        await fixture.RestartAsync(RobotFixture.Settings);
        Assert.Equal("delivered", (await fixture.Gateway.PostRestAsync("/robots/ops/test", null)).Text("state"));
        Assert.Equal("queued", (await fixture.Gateway.GetRestAsync($"/messages/{sent.Id}")).Text("state"));
        Assert.Equal(1, (await fixture.RobotAsync("ops")).GetProperty("waiting").GetInt64());
        Assert.Equal(200, (await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { enabled = true })).Status);
        Assert.Equal("sent", Text(await fixture.Gateway.EndOfAsync(sent.Id), "state"));
        var actions = string.Join(' ', (await fixture.Gateway.GetRestAsync("/audit?subject=ops")).Items.Select(l => Text(l, "what")));
        Assert.Equal("robot.enabled robot.tested robot.disabled robot.created", actions);
    }

    [Fact]
    public async Task What_waited_for_two_days_is_said_when_the_robot_is_on_again()
    {
        var clock = new ShiftingClock();
        await using var fixture = await RobotFixture.StartAsync(clock, ("Larkspur:Outbox:Enabled", "false"));
        // One that signs nothing: the platform has another clock.
        await fixture.AddAsync("wecom", "ops");
        var sent = await fixture.Gateway.PostRestAsync("/messages", new { to = new { robot = "ops" }, text = "before the weekend" });
        Assert.Equal("off", (await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { enabled = false })).Text("state"));
        clock.Shift(TimeSpan.FromDays(2));
        await fixture.RestartAsync(RobotFixture.Settings);
        Assert.Equal(200, (await fixture.Gateway.RestAsync(HttpMethod.Put, "/robots/ops", new { enabled = true })).Status);
        var end = await fixture.Gateway.EndOfAsync(sent.Id);
        Assert.True(Text(end, "state") == "sent", end.ToString());
    }

    [Fact]
    public async Task Neither_an_address_nor_a_secret_is_in_any_answer_log_audit_line_or_row()
    {
        await using var fixture = await RobotFixture.StartAsync();
        foreach (var platform in (string[])["feishu", "wecom", "dingtalk"])
        {
            await fixture.AddAsync(platform, secret: platform == "dingtalk" ? "SEC-wrong-but-secret" : null);
            await fixture.SayAsync(platform, new { text = "hello" });
        }

        await fixture.AddAsync("wecom", "gone", "/cgi-bin/webhook/send?key=deadbeef-0000-0000-0000-000000000000");
        await fixture.SayAsync("gone", new { text = "hello" });
        string[] secrets = [RobotFixture.FeishuToken, RobotFixture.WeComKey, RobotFixture.DingTalkToken, "emulator-hook-secret", "SEC-wrong-but-secret", "deadbeef-0000-0000-0000-000000000000"];
        var texts = new List<string> { fixture.Gateway.Logs.Text };
        foreach (var path in (string[])["/robots", "/robots/feishu", "/robots/gone", "/audit", "/outbox", "/deliveries?kind=robot", "/status"])
            texts.Add((await fixture.Gateway.GetRestAsync(path)).ToString());
        foreach (var row in (await fixture.Gateway.GetRestAsync("/deliveries?kind=robot")).Items)
            texts.Add((await fixture.Gateway.GetRestAsync($"/deliveries/{row.GetProperty("id").GetInt64()}?content=true")).ToString());
        texts.AddRange(await fixture.RowsAsync("SELECT address, secret, name FROM robot", row => $"{row.GetString(0)} {(row.IsDBNull(1) ? "" : row.GetString(1))}"));
        texts.AddRange(await fixture.RowsAsync("SELECT content, lane, target FROM outbox", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}"));
        Assert.All(texts, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
        var shown = await fixture.RobotAsync("feishu");
        Assert.Equal((fixture.Emulator.BaseUrl.Authority, "b613"), (Text(shown, "host"), Text(shown, "address_end")));
    }

    private static async Task FailsAsync(RobotFixture fixture, string robot, string reason, string says)
    {
        var ended = await fixture.SayAsync(robot, new { text = "hello" });
        var failure = ended.GetProperty("failure");
        Assert.True((Text(ended, "state"), Text(failure, "reason")) == ("failed", reason), ended.ToString());
        Assert.Contains(says, Text(failure, "message"), StringComparison.Ordinal);
        Assert.Matches("[\\u4e00-\\u9fff]", Text(failure, "message_zh"));
        Assert.Equal(reason, Text((await fixture.RobotAsync(robot)).GetProperty("last_failure"), "reason"));
    }

    private static OutboxEntry Entry(Robot robot) => new()
    {
        Id = 1, Platform = "robot", App = robot.App, Message = RobotRows.Message(robot, new CompiledMessage("text", "{}", [])), IdempotencyKey = "lk1", InboxId = 0,
        Reference = "R", CreatedAt = DateTimeOffset.UnixEpoch, NotBefore = DateTimeOffset.UnixEpoch, Partition = 0,
    };

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

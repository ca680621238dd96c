using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>DingTalk over two processes: the stream is where it is, the answer is written where its conversation is, and what is seen is exact whoever dies.</summary>
public sealed class TwoProcessDingTalkTests
{
    private const string Template = "aa0b3f2e-1111-4222-8333-answercard.schema";

    private static readonly DingTalkSettings App = new() { CardPatience = TimeSpan.FromSeconds(60), CallbackUrl = "" };

    [Fact]
    public async Task A_question_that_came_over_the_stream_of_one_is_written_by_the_other_into_a_card_whose_end_is_exact()
    {
        await using var two = await StartAsync(streams: 1);
        foreach (var who in (string[])["alice", "bob", "carol"])
        {
            await two.NextIsOfAsync(two.B);
            await SayAsync(two, "What is left?", who);
            // In the backend's own time first: hurried, it would be at its end before anything was written.
            await two.UntilAsync(async () => (await CardsAsync(two)).Any(c => IsOf(c, who) && c["frames"]!.GetValue<int>() > 2), "three frames of the answer of " + who);
            await two.AdvanceUntilAsync(async () => (await CardsAsync(two)).Any(c => IsOf(c, who) && IsWhole(c)), "the whole answer of " + who);
        }

        Assert.Equal([two.B.Node, two.B.Node, two.B.Node], await two.WritersAsync());
        var cards = await CardsAsync(two);
        Assert.Equal(3, cards.Count);
        Assert.All(cards, card => Assert.Equal("Question 1 of this conversation: **What is left?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob", TextOf(card)));

        Assert.Equal(3, (await SaidAsync(two)).Count);
    }

    [Fact]
    public async Task A_writer_that_is_killed_leaves_an_interrupted_card_and_a_button_that_asks_again()
    {
        await using var two = await StartAsync(streams: 1);
        await two.NextIsOfAsync(two.B);
        await SayAsync(two, "What is left?");
        await two.UntilAsync(async () => await CardsAsync(two) is [var card] && TextOf(card).StartsWith("Question 1 of this", StringComparison.Ordinal), "the first words");
        await two.B.Process.KillAsync();

        await two.UntilAsync(async () => await CardsAsync(two) is [var card] && IsWhole(card) && TextOf(card).Contains("This answer was interrupted", StringComparison.Ordinal), "the interrupted card");
        var card = (await CardsAsync(two))[0];
        // What is kept of an answer may be a little behind what is shown of it.
        Assert.StartsWith("Questi", TextOf(card), StringComparison.Ordinal);
        await two.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "click", card = card["out_track_id"]!.GetValue<string>(), action = "again" });
        await two.AdvanceUntilAsync(async () => (await CardsAsync(two)).Any(c => IsWhole(c) && TextOf(c).EndsWith("Approver: Bob", StringComparison.Ordinal)), "the second answer");
        Assert.Equal(["interrupted", "finished"], await two.EndingsAsync());
        Assert.Equal(2, (await CardsAsync(two)).Count);
        Assert.Equal(2, (await SaidAsync(two)).Count);
    }

    [Fact]
    public async Task When_the_holder_of_the_stream_is_killed_the_other_receives_and_nothing_is_lost_or_answered_twice()
    {
        await using var two = await StartAsync(streams: 2, dify: "app-emulator-key");
        for (var i = 1; i <= 3; i++) await SayAsync(two, $"before {i}", "alice");
        for (var i = 1; i <= 3; i++) await SayAsync(two, $"before {i}", "bob");
        await two.A.Process.KillAsync();
        for (var i = 1; i <= 3; i++) await SayAsync(two, $"after {i}", "carol");

        await two.AdvanceUntilAsync(async () => await CardsAsync(two) is { Count: >= 9 } cards && cards.All(IsWhole) && (await two.EndingsAsync()).All(e => e != "-"), "nine answers");
        Assert.All(await two.EndingsAsync(), e => Assert.True(e is "finished" or "interrupted", e));
        Assert.Equal(9, (await two.EndingsAsync()).Count);
        var cards = await CardsAsync(two);
        Assert.Equal(9, cards.Count);
        foreach (var (who, when) in (ReadOnlySpan<(string, string)>)[("alice", "before"), ("bob", "before"), ("carol", "after")])
        {
            // What broke off may break off before it names its question; it says so, and there is nothing else in its place.
            for (var i = 1; i <= 3; i++) Assert.True(cards.Count(c => IsOf(c, who) && TextOf(c).Contains($"**{when} {i}**", StringComparison.Ordinal)) <= 1);
            Assert.Equal(3, cards.Count(c => IsOf(c, who) && (TextOf(c).Contains($"**{when} ", StringComparison.Ordinal) || TextOf(c).Contains("This answer was interrupted", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task A_frame_that_is_on_its_way_is_not_overtaken_by_the_end_that_the_other_process_shows()
    {
        await using var two = await StartAsync(streams: 2);
        // Messages to Alice leave from one of the two; her answer is written by the other.
        await SayAsync(two, "/help");
        await two.UntilAsync(async () => (await SaidAsync(two)).Count == 1, "the help");
        var sender = await two.SqlAsync("SELECT l.node FROM lease l JOIN outbox o ON o.partition = l.partition WHERE o.platform = 'dingtalk' LIMIT 1");
        var writer = sender == two.A.Node ? two.B : two.A;
        await two.NextIsOfAsync(writer);
        await SayAsync(two, "What is left?");
        await two.UntilAsync(async () => await CardsAsync(two) is [var card] && TextOf(card).StartsWith("Question", StringComparison.Ordinal), "the first words");
        await two.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/card/streaming", reply = "delay", delay_ms = 6000, count = 1 });
        await two.AdvanceUntilAsync(async () => (await CardsAsync(two)).All(IsWhole), "the whole answer");

        Assert.Equal([writer.Node], await two.WritersAsync());
        Assert.EndsWith("Approver: Bob", TextOf(Assert.Single(await CardsAsync(two))), StringComparison.Ordinal);
        await two.UntilAsync(() => Task.FromResult(Frames().Any(f => f.Milliseconds > 5000)), "the late frame");
        Assert.All(Frames(), f => Assert.True(f.Status == 200, $"{f.Status} {f.ResponseBody}"));

        ApiCall[] Frames() => [.. two.Emulator.State.Inspector.Calls().Where(c => c.Path == "/v1.0/card/streaming")];
    }

    /// <summary>It stands in the robot's chat with somebody. One that was just made stands nowhere yet.</summary>
    private static bool IsOf(JsonObject card, string who) => card["places"]!.AsArray() is [{ } place, ..] && place["space_id"]!.GetValue<string>().EndsWith(who, StringComparison.Ordinal);

    /// <param name="streams">How many of the two have a stream; the first is A.</param>
    /// <param name="dify">The backend.</param>
    private static async Task<TwoProcesses> StartAsync(int streams, string dify = "app-emulator-slow")
    {
        var emulator = await EmulatorApp.StartAsync(s => s with { DingTalk = App });
        var two = await TwoProcesses.StartAsync(emulator, new Dictionary<string, string>
        {
            ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = dify, ["DINGTALK_BASE_URL"] = emulator.BaseUrl.ToString(),
            ["DINGTALK_CLIENT_ID"] = App.ClientId, ["DINGTALK_CLIENT_SECRET"] = App.ClientSecret, ["DINGTALK_ROBOT_CODE"] = App.RobotCode, ["DINGTALK_CARD_TEMPLATE"] = Template,
        }, async two =>
        {
            await two.UntilAsync(async () => (await StateAsync(two))["connections"]!.AsArray().Count == 1, "the stream of A");
            if (streams == 1) await emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/gateway/connections/open", reply = 503 });
        });
        await two.UntilAsync(async () => (await StateAsync(two))["connections"]!.AsArray().Count == streams, "the streams");
        return two;
    }

    private static Task SayAsync(TwoProcesses two, string text, string who = "alice") => two.Emulator.ActAsync(new { platform = "dingtalk", @as = who, @do = "send", text });

    private static async Task<JsonObject> StateAsync(TwoProcesses two) => (await two.Emulator.StateAsync())["dingtalk"]!.AsObject();

    private static async Task<IReadOnlyList<JsonObject>> CardsAsync(TwoProcesses two) => [.. (await StateAsync(two))["cards"]!.AsArray().Select(c => c!.AsObject())];

    private static async Task<IReadOnlyList<JsonObject>> SaidAsync(TwoProcesses two) =>
        [.. (await StateAsync(two))["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => m["sender"]!["type"]!.GetValue<string>() == "robot")];

    private static string TextOf(JsonObject card) => card["text"]!.GetValue<string>();

    /// <summary>Ended, with its buttons, which come after the last frame.</summary>
    private static bool IsWhole(JsonObject card) => card["finalized"]!.GetValue<bool>() && card["data"]!["flowStatus"]!.GetValue<string>() is "3" or "5" && card["data"]!["buttons"]!.GetValue<string>().Contains("again", StringComparison.Ordinal);
}

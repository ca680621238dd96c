using System.Text.Json.Nodes;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.WeCom;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Questions that may come next are offered below an answer where the route says so; a button asks the one that was offered, for who asked before.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SuggestionTests
{
    private static readonly KeyValuePair<string, string?>[] Route =
    [
        new("Larkspur:Assistant:Routes:0:Name", "default"), new("Larkspur:Assistant:Routes:0:Backend", "default"), new("Larkspur:Assistant:Routes:0:Suggestions", "true"),
    ];

    [Fact]
    public async Task An_offered_question_is_asked_in_Feishu_by_its_button()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => Route);
        await fixture.SayAsync("What is left of the budget?");
        var answer = await fixture.AnswerAsync("What is left of the budget?");
        Assert.Contains("asst:ask2:tu_", answer.Card!.Json, StringComparison.Ordinal);

        await fixture.ClickAsync(answer.MessageId, "Who approves it?");
        var next = await fixture.AnswerAsync("Question 2 of this conversation: **Who approves it?**");
        Assert.NotEqual(answer.MessageId, next.MessageId);
        Assert.Equal(["What is left of the budget?", "Who approves it?"], await fixture.RowsAsync("SELECT question FROM assistant_turn ORDER BY id", row => row.GetString(0)));
    }

    [Fact]
    public async Task Nothing_is_offered_where_no_route_says_so()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        Assert.DoesNotContain("asst:ask", (await fixture.AnswerAsync("What is left of the budget?")).Card!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_WeCom_a_button_asks_for_who_asked_and_what_was_not_offered_is_not_asked()
    {
        await using var fixture = await WeComFixture.StartAsync(platform =>
        {
            var settings = WeComFixture.WithDify(platform);
            foreach (var (key, value) in Route) settings[key] = value;
            return settings;
        }, scripted: false);
        await fixture.SayAsync("@Larkspur 预算还有多少？", chat: Group);
        var card = (await fixture.WaitAsync("aibot", all => all.Count == 2, "the answer and its buttons")).Single(m => m["card"] is not null);
        var keys = card["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>()).ToArray();
        var ask = keys.Single(k => k.StartsWith("asst:ask1:tu_", StringComparison.Ordinal));
        // The thumbs are the bot's own, below its answer.
        Assert.InRange(keys.Length, 2, 4);

        // Bob reads along and has not asked.
        await ClickAsync(ask, "bob");
        await SaidAsync("只有提问的人");
        Assert.Equal(1, await QuestionsAsync());

        await ClickAsync(ask, "alice");
        await fixture.UntilAsync(async () => await QuestionsAsync() == 2, "the offered question");
        await fixture.WaitAsync("aibot", all => all.Count(WeComFixture.IsFinished) == 2, "its answer");
        var texts = (await fixture.WrittenAsync()).Where(WeComFixture.IsFinished).Select(WeComFixture.TextOf).ToArray();
        Assert.Contains(texts, t => t.Contains("明年的预算是多少？", StringComparison.Ordinal));

        Task<JsonObject> ClickAsync(string key, string who) => fixture.ActAsync(new { platform = "wecom", @as = who, @do = "click", message_id = card["message_id"]!.GetValue<string>(), key });

        Task SaidAsync(string words) => fixture.UntilAsync(async () => (await fixture.WrittenAsync()).Single(m => m["message_id"]!.GetValue<string>() == card["message_id"]!.GetValue<string>())["card"]!["main_title"]!["desc"]
            ?.GetValue<string>().Contains(words, StringComparison.Ordinal) == true, "what the click came to");

        Task<long?> QuestionsAsync() => fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM assistant_turn"));
    }

    private const string Group = "wrLarkspurPurchasing0000000000001";
}

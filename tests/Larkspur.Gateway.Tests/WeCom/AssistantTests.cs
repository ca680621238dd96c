using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>Questions in WeCom, answered by the gateway's own assistant and the emulated Dify.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AssistantTests
{
    [Fact]
    public async Task One_conversation_over_the_bot_and_the_application_with_a_verdict_and_another_try()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        await fixture.SayAsync("What is left of the budget?");
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComFixture.IsFinished), "the answer and its buttons");
        var answer = written.Single(WeComFixture.IsFinished);
        Assert.StartsWith("Question 1 of this conversation: **What is left of the budget?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob", WeComFixture.TextOf(answer), StringComparison.Ordinal);

        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "feedback", message_id = answer["message_id"]!.GetValue<string>(), rating = "good" });
        await fixture.UntilAsync(async () => (await VerdictsAsync(fixture)).SequenceEqual([1L]), "the verdict");

        // The same person, by the application: the conversation goes on.
        await fixture.SayAsync("And travel?", to: "app");
        var said = await fixture.WaitAsync("app", all => all.Any(m => m["msgtype"]!.GetValue<string>() == "template_card"), "the application's answer");
        Assert.Contains("Question 2 of this conversation: **And travel?**", string.Join('\n', said.Select(WeComFixture.TextOf)), StringComparison.Ordinal);

        var again = written.Single(m => m["card"] is not null)["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>()).Single(k => k.StartsWith("asst:again:", StringComparison.Ordinal));
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = written.Single(m => m["card"] is not null)["message_id"]!.GetValue<string>(), key = again });
        await fixture.WaitAsync("aibot", all => all.Count(WeComFixture.IsFinished) == 2, "the second answer");
    }

    [Fact]
    public async Task A_commands_latin_name_says_nothing_of_its_writers_language()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        await fixture.SayAsync("/help");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("直接提问", StringComparison.Ordinal)), "the commands in Chinese");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.WaitAsync("aibot", all => all.Any(WeComFixture.IsFinished), "the answer");
        await fixture.SayAsync("/help");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("Just ask.", StringComparison.Ordinal)), "the commands in English");
    }

    private static Task<List<long>> VerdictsAsync(WeComFixture fixture) =>
        fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync("SELECT verdict FROM assistant_turn WHERE verdict IS NOT NULL", r => r.GetInt64(0)));
}

using System.Globalization;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>A card may be clicked when its reader may not ask any more: the click is told why, in the words that a question would be told.</summary>
public sealed class RefusedClickTests
{
    [Fact]
    public async Task Outside_the_hours_of_the_rule_it_is_the_hour_that_is_told()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var card = await AskedAsync(fixture);
        // An hour that is half a day away, however long the test takes.
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(12), DateTimeOffset.UtcNow.AddHours(13));
        await RuleAsync(fixture, new
        {
            name = "later", feature = "assistant", effect = "allow", who = new { everybody = true },
            hours = new { from = from.ToString("HH:mm", CultureInfo.InvariantCulture), to = to.ToString("HH:mm", CultureInfo.InvariantCulture), time_zone = "Etc/UTC" },
        });
        await ToldAsync(fixture, card, "这个时段你不能使用助手");
        await ReasonAsync(fixture, "outside_hours");
    }

    [Fact]
    public async Task While_the_directory_does_not_tell_the_departments_it_is_told_that_nobody_knows()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        var card = await AskedAsync(fixture);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/contact/v3/departments/*", reply = 503 });
        await fixture.Gateway.RuleAsync(DividedCompany.Division);
        await ToldAsync(fixture, card, "暂时无法确认你是否可以使用这个助手");
        await ReasonAsync(fixture, "departments_unknown");
    }

    [Fact]
    public async Task Whom_a_rule_denies_it_is_told_that_they_are_not_permitted()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var card = await AskedAsync(fixture);
        await RuleAsync(fixture, new { name = "nobody", feature = "assistant", effect = "deny", who = new { everybody = true } });
        await ToldAsync(fixture, card, "你没有使用这个助手的权限");
        await ReasonAsync(fixture, "denied_by_rule");
    }

    private static async Task<Message> AskedAsync(AssistantFixture fixture)
    {
        await fixture.SayAsync("once");
        return await fixture.AnswerAsync("**once**");
    }

    private static async Task RuleAsync(AssistantFixture fixture, object rule)
    {
        var answer = await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules", rule);
        Assert.True(answer.Status == 201, answer.ToString());
    }

    /// <summary>A toast is shown in the language of who clicks, which is Chinese.</summary>
    private static async Task ToldAsync(AssistantFixture fixture, Message card, string words)
    {
        var toast = (await fixture.ClickAsync(card.MessageId, "🔄 Answer again"))["toast"]!;
        Assert.Equal("warning", toast["type"]!.GetValue<string>());
        Assert.Contains(words, toast["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task ReasonAsync(AssistantFixture fixture, string reason)
    {
        Assert.Equal([reason], await fixture.RowsAsync("SELECT reason FROM inbox WHERE reason IS NOT NULL", r => r.GetString(0)));
        Assert.Single(await fixture.RowsAsync("SELECT id FROM assistant_turn", r => r.GetInt64(0)));
    }
}

using Larkspur.Emulator.State;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Rules on a division hold for its teams, also where Feishu tells the direct departments only; what Feishu does not tell is not "in none".</summary>
public sealed class FeishuDepartmentTests
{
    [Fact]
    public async Task A_rule_that_denies_a_division_refuses_its_teams_and_nobody_else()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync(DividedCompany.Division);
        await fixture.SayAsync("What is left of the budget?");
        await fixture.UntilAsync(IsRefused);
        await fixture.SayAsync("What is left of the budget?", "carol");
        await fixture.AnswerAsync("Approver: Bob", "carol");
        Assert.DoesNotContain(fixture.Sent(), m => m.Card is not null);
    }

    [Fact]
    public async Task A_rule_that_allows_a_division_is_for_its_teams_and_asks_the_platform_once()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync(DividedCompany.Division, "allow");
        await fixture.SayAsync("one");
        await fixture.AnswerAsync("**one**");
        await fixture.SayAsync("two", "bob");
        await fixture.AnswerAsync("**two**", "bob");
        await fixture.SayAsync("three", "carol");
        await fixture.UntilAsync(IsRefused, "carol");
        Assert.Equal(1, fixture.Emulator.State.Inspector.Calls().Count(c => c.Path.Contains("/departments/parent", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_has_moved_since_they_asked_is_judged_by_where_they_are_when_they_click()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.SayAsync("once");
        var card = await fixture.AnswerAsync("**once**");
        // As if she had been elsewhere when she asked.
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => Assert.Equal(1, await unit.ExecuteAsync("UPDATE assistant_turn SET sender = replace(sender, $1, $2)", SeededCompany.PurchasingDepartment, "od-elsewhere")),
            TestContext.Current.CancellationToken);
        Assert.Contains("od-elsewhere", Assert.Single(await fixture.RowsAsync("SELECT sender FROM assistant_turn", r => r.GetString(0))), StringComparison.Ordinal);
        await fixture.Gateway.RuleAsync(DividedCompany.Division);
        await fixture.ClickAsync(card.MessageId, "🔄 Answer again");
        await fixture.HoldsAsync(() => fixture.RowsAsync("SELECT reason FROM inbox WHERE reason = 'denied_by_rule'", r => r.GetString(0)).GetAwaiter().GetResult().Count == 1);
        Assert.Single(await fixture.RowsAsync("SELECT id FROM assistant_turn", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task The_root_is_the_whole_company()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync("0");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.UntilAsync(IsRefused);
    }

    [Theory]
    [InlineData("/open-apis/contact/v3/departments/parent")]
    [InlineData("/open-apis/contact/v3/departments/*")]
    [InlineData("/open-apis/contact/v3/users/*")]
    public async Task What_the_directory_does_not_tell_is_refused_by_a_rule_that_denies(string path)
    {
        await using var fixture = await AssistantFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path, reply = 503 });
        await fixture.Gateway.RuleAsync(DividedCompany.Division);
        await fixture.SayAsync("What is left of the budget?");
        await fixture.UntilAsync(IsUnknown);
    }

    [Fact]
    public async Task Where_no_rule_names_departments_none_is_asked_for()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
        Assert.DoesNotContain(fixture.Emulator.State.Inspector.Calls(), c => c.Path.Contains("/departments", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_for_a_division_is_taken_by_its_teams()
    {
        await using var fixture = await AssistantFixture.StartAsync(emulator =>
        [
            new("Larkspur:Assistant:Routes:0:Name", "operations"), new("Larkspur:Assistant:Routes:0:Department", DividedCompany.Division), new("Larkspur:Assistant:Routes:0:Backend", "default"),
        ]);
        fixture.Emulator.Divide();
        await fixture.SayAsync("one");
        await fixture.AnswerAsync("**one**");
        await fixture.SayAsync("two", "carol");
        await fixture.AnswerAsync("**two**", "carol");
        Assert.Equal(["operations", "default"], await fixture.RowsAsync("SELECT route FROM assistant_turn ORDER BY id", r => r.GetString(0)));
    }

    private static bool IsRefused(Message message) => message.Content.Contains(DividedCompany.Refused, StringComparison.Ordinal);

    private static bool IsUnknown(Message message) => message.Content.Contains(DividedCompany.Unknown, StringComparison.Ordinal);
}

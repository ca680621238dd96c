using Larkspur.Emulator.World;
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
        await using var stage = await AssistantStage.StartAsync();
        stage.Emulator.Divide();
        await stage.Gateway.RuleAsync(DividedCompany.Division);
        await stage.SayAsync("What is left of the budget?");
        await stage.UntilAsync(IsRefused);
        await stage.SayAsync("What is left of the budget?", "carol");
        await stage.AnswerAsync("Approver: Bob", "carol");
        Assert.DoesNotContain(stage.Sent(), m => m.Card is not null);
    }

    [Fact]
    public async Task A_rule_that_allows_a_division_is_for_its_teams_and_asks_the_platform_once()
    {
        await using var stage = await AssistantStage.StartAsync();
        stage.Emulator.Divide();
        await stage.Gateway.RuleAsync(DividedCompany.Division, "allow");
        await stage.SayAsync("one");
        await stage.AnswerAsync("**one**");
        await stage.SayAsync("two", "bob");
        await stage.AnswerAsync("**two**", "bob");
        await stage.SayAsync("three", "carol");
        await stage.UntilAsync(IsRefused, "carol");
        Assert.Equal(1, stage.Emulator.World.Inspector.Calls().Count(c => c.Path.Contains("/departments/parent", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_has_moved_since_they_asked_is_judged_by_where_they_are_when_they_click()
    {
        await using var stage = await AssistantStage.StartAsync();
        stage.Emulator.Divide();
        await stage.SayAsync("once");
        var card = await stage.AnswerAsync("**once**");
        // As if she had been elsewhere when she asked.
        await stage.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => Assert.Equal(1, await unit.ExecuteAsync("UPDATE assistant_turn SET sender = replace(sender, $1, $2)", SeededCompany.PurchasingDepartment, "od-elsewhere")),
            TestContext.Current.CancellationToken);
        Assert.Contains("od-elsewhere", Assert.Single(await stage.RowsAsync("SELECT sender FROM assistant_turn", r => r.GetString(0))), StringComparison.Ordinal);
        await stage.Gateway.RuleAsync(DividedCompany.Division);
        await stage.ClickAsync(card.MessageId, "🔄 Answer again");
        await stage.HoldsAsync(() => stage.RowsAsync("SELECT reason FROM inbox WHERE reason = 'denied_by_rule'", r => r.GetString(0)).GetAwaiter().GetResult().Count == 1);
        Assert.Single(await stage.RowsAsync("SELECT id FROM assistant_turn", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task The_root_is_the_whole_company()
    {
        await using var stage = await AssistantStage.StartAsync();
        stage.Emulator.Divide();
        await stage.Gateway.RuleAsync("0");
        await stage.SayAsync("What is left of the budget?");
        await stage.UntilAsync(IsRefused);
    }

    [Theory]
    [InlineData("/open-apis/contact/v3/departments/parent")]
    [InlineData("/open-apis/contact/v3/departments/*")]
    [InlineData("/open-apis/contact/v3/users/*")]
    public async Task What_the_directory_does_not_tell_is_refused_by_a_rule_that_denies(string path)
    {
        await using var stage = await AssistantStage.StartAsync();
        stage.Emulator.Divide();
        await stage.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path, reply = 503 });
        await stage.Gateway.RuleAsync(DividedCompany.Division);
        await stage.SayAsync("What is left of the budget?");
        await stage.UntilAsync(IsUnknown);
    }

    [Fact]
    public async Task Where_no_rule_names_departments_none_is_asked_for()
    {
        await using var stage = await AssistantStage.StartAsync();
        await stage.SayAsync("What is left of the budget?");
        await stage.AnswerAsync("Approver: Bob");
        Assert.DoesNotContain(stage.Emulator.World.Inspector.Calls(), c => c.Path.Contains("/departments", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_for_a_division_is_taken_by_its_teams()
    {
        await using var stage = await AssistantStage.StartAsync(emulator =>
        [
            new("Larkspur:Assistant:Routes:0:Name", "operations"), new("Larkspur:Assistant:Routes:0:Department", DividedCompany.Division), new("Larkspur:Assistant:Routes:0:Backend", "default"),
        ]);
        stage.Emulator.Divide();
        await stage.SayAsync("one");
        await stage.AnswerAsync("**one**");
        await stage.SayAsync("two", "carol");
        await stage.AnswerAsync("**two**", "carol");
        Assert.Equal(["operations", "default"], await stage.RowsAsync("SELECT route FROM assistant_turn ORDER BY id", r => r.GetString(0)));
    }

    private static bool IsRefused(Message message) => message.Content.Contains(DividedCompany.Refused, StringComparison.Ordinal);

    private static bool IsUnknown(Message message) => message.Content.Contains(DividedCompany.Unknown, StringComparison.Ordinal);
}

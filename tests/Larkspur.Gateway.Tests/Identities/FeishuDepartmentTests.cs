using Larkspur.Emulator.World;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;

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

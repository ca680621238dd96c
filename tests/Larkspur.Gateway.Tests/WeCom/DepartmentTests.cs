using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>Rules by department in WeCom.</summary>
public sealed class DepartmentTests
{
    [Fact]
    public async Task A_rule_that_denies_a_division_refuses_its_teams_and_nobody_else()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync("wecom:" + DividedCompany.OnWeCom);
        await fixture.SayAsync("What is left of the budget?");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains(DividedCompany.Refused, StringComparison.Ordinal)), "the refusal");
        await fixture.SayAsync("What is left of the budget?", to: "app");
        await fixture.WaitAsync("app", all => all.Any(m => WeComFixture.TextOf(m).Contains(DividedCompany.Refused, StringComparison.Ordinal)), "the application's refusal");
        await fixture.SayAsync("What is left of the budget?", who: "carol");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("Approver: Bob", StringComparison.Ordinal)), "Carol's answer");
    }

    [Fact]
    public async Task A_rule_that_allows_the_whole_company_is_for_its_teams()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync("wecom:1", "allow");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains("Approver: Bob", StringComparison.Ordinal)), "the answer");
    }

    [Theory]
    [InlineData("/cgi-bin/department/list")]
    [InlineData("/cgi-bin/user/get")]
    public async Task What_the_address_book_does_not_tell_is_refused_by_a_rule_that_denies(string path)
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.WithDify, scripted: false);
        fixture.Emulator.Divide();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path, reply = 503 });
        await fixture.Gateway.RuleAsync("wecom:77");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains(DividedCompany.Unknown, StringComparison.Ordinal)), "the refusal");
    }

    /// <summary>A bot's messages may name the company of who writes; its clicks never do.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("ww0000000000000099")]
    public async Task A_bot_alone_reads_no_departments_and_its_buttons_are_those_of_who_asked(string? corp)
    {
        await using var fixture = await WeComFixture.StartAsync(BotAlone, scripted: false);
        await AskAsync(fixture, "What is left of the budget?", corp, Group);
        var written = await fixture.WaitAsync("aibot", all => all.Count == 2 && all.Any(WeComFixture.IsFinished), "the answer and its buttons");
        var card = written.Single(m => m["card"] is not null);
        var id = card["message_id"]!.GetValue<string>();
        var again = card["card"]!["button_list"]!.AsArray().Select(b => b!["key"]!.GetValue<string>()).Single(k => k.StartsWith("asst:again:", StringComparison.Ordinal));

        await fixture.ActAsync(new { platform = "wecom", @as = "bob", @do = "click", message_id = id, key = again });
        await fixture.UntilAsync(async () => (await ReasonsAsync(fixture)).Contains("not_asked_by_them"), "the refusal of the other's click");
        Assert.Equal(1, await fixture.Gateway.CountAsync("assistant_turn"));
        await fixture.ActAsync(new { platform = "wecom", @as = "alice", @do = "click", message_id = id, key = again });
        await fixture.WaitAsync("aibot", all => all.Count(WeComFixture.IsFinished) == 2, "the second answer");
        Assert.Equal(2, await fixture.Gateway.CountAsync("assistant_turn"));

        await fixture.Gateway.RuleAsync("wecom:77");
        await AskAsync(fixture, "And now?", corp, Group);
        await fixture.WaitAsync("aibot", all => all.Any(m => WeComFixture.TextOf(m).Contains(DividedCompany.Unknown, StringComparison.Ordinal)), "the refusal");
    }

    private static Task AskAsync(WeComFixture fixture, string text, string? corp, string chat) => fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
    {
        platform = "wecom-aibot", transport = "aibot", type = "text",
        @event = new JsonObject { ["from"] = corp is null ? new JsonObject { ["userid"] = "alice" } : new JsonObject { ["userid"] = "alice", ["corpid"] = corp }, ["chatid"] = chat, ["text"] = new JsonObject { ["content"] = "@Larkspur " + text } },
    });

    private const string Group = "wrLarkspurPurchasing0000000000001";

    private static Dictionary<string, string?> BotAlone(Uri platform)
    {
        var settings = WeComFixture.WithDify(platform);
        foreach (var key in (string[])["WECOM_CORP_ID", "WECOM_AGENT_ID", "WECOM_SECRET", "WECOM_TOKEN", "WECOM_ENCODING_AES_KEY"]) settings.Remove(key);
        return settings;
    }

    private static Task<List<string>> ReasonsAsync(WeComFixture fixture) =>
        fixture.Gateway.Database().ReadAsync(sql => sql.QueryAsync("SELECT reason FROM inbox WHERE reason IS NOT NULL", r => r.GetString(0)), TestContext.Current.CancellationToken);
}

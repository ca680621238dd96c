using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.DingTalk;

namespace Larkspur.Security.Tests;

/// <summary>A userid of DingTalk is one within its company. A click names the company; what our own contacts say of the same userid is
/// about somebody else.</summary>
public sealed class ForeignDingTalkClickTests
{
    private const string Verdicts = "SELECT COALESCE(verdict, -1) FROM assistant_turn ORDER BY id";
    private const string Accounts = """
        SELECT i.scope, a.person, a.is_external FROM person_identity i JOIN person_account a ON a.id = i.account
        WHERE i.kind = 'userid' ORDER BY a.id, i.scope
        """;

    [Fact]
    public async Task A_click_of_another_companys_alice_is_not_our_alices()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("one");
        var answer = await fixture.AnswerAsync("**one**");

        await ClickAsync(fixture, answer, "dingglobex", "alice", 1);
        Assert.Equal([-1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));
        var accounts = await fixture.RowsAsync(Accounts, r => (Corp: r.GetString(0), Person: r.GetString(1), IsExternal: r.GetInt64(2)));
        Assert.Equal([(DingTalkFixture.App.CorpId, 0L), ("dingglobex", 1L)], accounts.Select(a => (a.Corp, a.IsExternal)));
        Assert.NotEqual(accounts[0].Person, accounts[1].Person);
        // Again: by now she is known, as somebody from outside.
        await ClickAsync(fixture, answer, "dingglobex", "alice", 2);
        Assert.Equal([-1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));

        await ClickAsync(fixture, answer, DingTalkFixture.App.CorpId, "alice", 3);
        Assert.Equal([1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));
    }

    [Fact]
    public async Task A_click_that_names_no_company_says_nothing_of_a_member_and_one_of_our_own_does()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.SayAsync("one");
        var answer = await fixture.AnswerAsync("**one**");
        await ClickAsync(fixture, answer, null, "alice", 1);
        // A colleague whom nobody has met: the message told which company is ours.
        await ClickAsync(fixture, answer, DingTalkFixture.App.CorpId, "bob", 2);
        Assert.Equal([-1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));
        var accounts = await fixture.RowsAsync(Accounts, r => (Corp: r.GetString(0), IsExternal: r.GetInt64(2)));
        Assert.Equal([(DingTalkFixture.App.CorpId, 0L), ("", 1L), (DingTalkFixture.App.CorpId, 0L)], accounts);
    }

    [Fact]
    public async Task As_long_as_no_message_has_told_our_company_only_who_was_a_member_before_is_one()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-foreign-").FullName;
        try
        {
            await using var emulator = await DingTalkFixture.EmulatorAsync();
            JsonObject answer;
            await using (var before = await DingTalkFixture.StartAsync(emulator, folder))
            {
                await before.SayAsync("one");
                answer = await before.AnswerAsync("**one**");
            }

            await using var fixture = await DingTalkFixture.StartAsync(emulator, folder);
            await ClickAsync(fixture, answer, "dingglobex", "alice", 1);
            await ClickAsync(fixture, answer, DingTalkFixture.App.CorpId, "bob", 2);
            Assert.Equal([-1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));
            Assert.Equal([0L, 1L, 1L], await fixture.RowsAsync(Accounts, r => r.GetInt64(2)));
            await ClickAsync(fixture, answer, DingTalkFixture.App.CorpId, "alice", 3);
            Assert.Equal([1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));

            // What he writes tells it, and his next click is a member's.
            await fixture.SayAsync("two", "bob");
            var his = await fixture.AnswerAsync("**two**");
            await ClickAsync(fixture, his, DingTalkFixture.App.CorpId, "bob", 4);
            Assert.Equal([1L, 1L], await fixture.RowsAsync(Verdicts, r => r.GetInt64(0)));
            Assert.Equal([0L, 1L, 0L], await fixture.RowsAsync(Accounts, r => r.GetInt64(2)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The platform tells of a click, over the stream; the gateway has worked on it when this ends.</summary>
    private static async Task ClickAsync(DingTalkFixture fixture, JsonObject card, string? corp, string who, int number)
    {
        var content = JsonSerializer.Serialize(new { cardPrivateData = new { actionIds = new[] { "helpful" }, @params = new { } } });
        var click = new Dictionary<string, object?>
        {
            ["outTrackId"] = DingTalkFixture.IdOf(card), ["userId"] = who, ["userIdType"] = 1, ["type"] = "actionCallback",
            ["content"] = content,
        };
        if (corp is not null) click["corpId"] = corp;
        var push = new { platform = "dingtalk", transport = "stream", type = "card", @event = click };
        var pushed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", push);
        Assert.Equal(200, pushed["status"]!.GetValue<int>());
        const string Done = "SELECT COUNT(*) FROM inbox WHERE kind = 1 AND status = 1";
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync(Done, r => r.GetInt64(0)))[0] == number, "the click's end");
    }
}

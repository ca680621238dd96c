using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Assistant;

namespace Larkspur.Security.Tests;

/// <summary>Alice confirmed in a hurry and undoes it: Mallory has nothing of hers any more, and Alice is who she was.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LinkUndoTests
{
    [Fact]
    public async Task Everybody_is_told_and_after_the_undo_Mallory_reads_nothing_of_Alices()
    {
        await using var fixture = await LinkFixture.StartAsync();
        var (ownChat, _) = await fixture.SessionAsync(new { person = fixture.AliceId, locale = "en_us" });
        using var alicesChat = ownChat;
        await fixture.SaysAsync(alicesChat, "my secret question", "my secret question");
        await fixture.RestsAsync();
        await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/permissions/roles/payroll", new { people = new[] { fixture.AliceId } });
        await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules",
            """{"name":"payroll","feature":"streams","effect":"allow","who":{"roles":["payroll"]}}""");
        await ConfirmAsync(fixture);

        // Both have heard of it, and she is who she was: the directory's id and name.
        await fixture.Assistant.UntilAsync(m => m.Card?.Json.Contains("undo it within 24 hours", StringComparison.Ordinal) == true);
        await fixture.HoldsAsync(async () => LinkFixture.Relaxed(await fixture.Mallory.HistoryAsync()).Contains("undo it within 24 hours", StringComparison.Ordinal));
        Assert.Equal(fixture.AliceId, await fixture.PersonAsync(fixture.MalloryId));
        var one = (await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + fixture.AliceId)).Body;
        Assert.NotEqual("Mallory", one.GetProperty("name").GetString());
        Assert.Equal(await fixture.JoinIdAsync(), one.GetProperty("joins")[0].GetProperty("id").GetString());

        // As long as they are one, Mallory reads on: what is to be taken from her.
        Assert.Contains("my secret question", LinkFixture.Relaxed(await fixture.Mallory.HistoryAsync()), StringComparison.Ordinal);
        await fixture.MallorySaysAsync("Summarise " + fixture.Document, "<document-");
        await fixture.RestsAsync();
        Assert.Contains(LinkFixture.Salary, SentFiles.Asked(fixture.Assistant.Emulator).Last(m => m.Query.StartsWith("Summarise", StringComparison.Ordinal)).Query, StringComparison.Ordinal);
        await fixture.Assistant.SayAsync("said by Alice meanwhile");
        await fixture.Assistant.AnswerAsync("said by Alice meanwhile");
        await fixture.RestsAsync();
        // In this one both have spoken.
        var shared = ConversationOf(fixture, "said by Alice meanwhile");
        Assert.Contains(SentFiles.Asked(fixture.Assistant.Emulator), m => m.ConversationId == shared && m.Query.StartsWith("Summarise", StringComparison.Ordinal));

        await UndoAsync(fixture);
        await fixture.AreTwoAsync();
        Assert.Empty((await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + fixture.AliceId)).Body.GetProperty("former_ids").EnumerateArray());

        // Her chat: what she wrote herself, and nothing of Alice's.
        var hers = LinkFixture.Relaxed(await fixture.Mallory.HistoryAsync());
        Assert.Contains("hello from mallory", hers, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret question", hers, StringComparison.Ordinal);
        var alices = LinkFixture.Relaxed(await alicesChat.HistoryAsync());
        Assert.Contains("my secret question", alices, StringComparison.Ordinal);
        Assert.DoesNotContain("hello from mallory", alices, StringComparison.Ordinal);
        Assert.DoesNotContain("Summarise", alices, StringComparison.Ordinal);
        // Questions are theirs whose account asked them.
        Assert.Equal(["hello from mallory", "Summarise " + fixture.Document], await fixture.TextsAsync($"SELECT question FROM assistant_turn WHERE person = '{fixture.MalloryId}' ORDER BY id"));
        Assert.Contains("said by Alice meanwhile", await fixture.TextsAsync($"SELECT question FROM assistant_turn WHERE person = '{fixture.AliceId}'"));
        Assert.Empty(await fixture.TextsAsync("SELECT t.turn FROM assistant_turn t JOIN assistant_conversation c ON c.id = t.conversation WHERE c.person <> t.person AND c.ended_at IS NULL"));

        // Documents and roles.
        await fixture.MallorySaysAsync("And once more, summarise " + fixture.Document, "Feishu account is not linked");
        await fixture.RestsAsync();
        var again = SentFiles.Asked(fixture.Assistant.Emulator).Last(m => m.Query.StartsWith("And once more", StringComparison.Ordinal));
        Assert.DoesNotContain(LinkFixture.Salary, again.Query, StringComparison.Ordinal);
        Assert.NotEqual(shared, again.ConversationId);
        Assert.Equal((false, true), (await MayAsync(fixture, fixture.MalloryId), await MayAsync(fixture, fixture.AliceId)));
        // The backend of a conversation in which both spoke would remember what the other said: Alice goes on in a new one.
        await fixture.Assistant.SayAsync("and now?");
        await fixture.Assistant.AnswerAsync("and now?");
        Assert.NotEqual(shared, ConversationOf(fixture, "and now?"));
    }

    [Fact]
    public async Task What_was_never_mixed_goes_on_as_it_was()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await fixture.Assistant.SayAsync("before");
        await fixture.Assistant.AnswerAsync("**before**");
        await fixture.RestsAsync();
        var (alices, mallorys) = (ConversationOf(fixture, "before"), ConversationOf(fixture, "hello from mallory"));
        Assert.NotEqual(alices, mallorys);
        await ConfirmAsync(fixture);
        await UndoAsync(fixture);
        await fixture.Assistant.SayAsync("after the undo");
        await fixture.Assistant.AnswerAsync("after the undo");
        await fixture.MallorySaysAsync("mallory after the undo", "**mallory after the undo**");
        Assert.Equal((alices, mallorys), (ConversationOf(fixture, "after the undo"), ConversationOf(fixture, "mallory after the undo")));
    }

    [Fact]
    public async Task Only_their_own_accounts_undo_it_for_a_day_and_an_administrator()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await ConfirmAsync(fixture);
        var join = await fixture.JoinIdAsync();
        await fixture.Assistant.SayAsync("/unlink", "bob");
        await fixture.Assistant.UntilAsync(m => m.Content.Contains("nothing to undo", StringComparison.Ordinal), "bob");
        var (other, _) = await fixture.SessionAsync(new { issuer = LinkFixture.Issuer, subject = "eve", name = "Eve", locale = "en_us" });
        using (other) Assert.Equal("warning", (await other.DoAsync("asst:unlink:" + join)).Json!["toast"]!["kind"]!.GetValue<string>());
        var (secret, _) = await fixture.Gateway.MakeKeyAsync("canteen", ["people:read", "messages:write"]);
        Assert.Equal(403, (await fixture.Gateway.CallAsync(secret, HttpMethod.Post, $"/people/{fixture.AliceId}/unlink", new { join })).Status);
        Assert.Equal(fixture.AliceId, await fixture.PersonAsync(fixture.MalloryId));

        var undone = await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{fixture.AliceId}/unlink", new { join });
        Assert.Equal((200, fixture.MalloryId), (undone.Status, undone.Body.GetProperty("unlinked").GetProperty("id").GetString()));
        await fixture.AreTwoAsync();
        Assert.Equal((422, "unknown_join"), Word(await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{fixture.AliceId}/unlink", new { join })));

        await ConfirmAsync(fixture);
        await fixture.RunAsync("UPDATE person_join SET undo_until = 1 WHERE undone_at IS NULL");
        await fixture.Assistant.SayAsync("/unlink");
        await fixture.Assistant.UntilAsync(m => m.Content.Contains("nothing to undo", StringComparison.Ordinal));
        Assert.Equal(fixture.AliceId, await fixture.PersonAsync(fixture.MalloryId));
    }

    private static (int, string?) Word(KeyAnswer answer) => (answer.Status, answer.Error);

    private static string ConversationOf(LinkFixture fixture, string question) => SentFiles.Asked(fixture.Assistant.Emulator).Last(m => m.Query == question).ConversationId;

    private static async Task<bool> MayAsync(LinkFixture fixture, string person)
    {
        var answer = await fixture.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/check", new { feature = "streams", person, platform = "web" });
        return answer.Body.GetProperty("allowed").GetBoolean();
    }

    private static async Task ConfirmAsync(LinkFixture fixture)
    {
        var before = fixture.Assistant.Sent().Count(IsQuestion);
        await fixture.Assistant.SayAsync("/link");
        var count = 0;
        var code = "";
        await fixture.Assistant.HoldsAsync(() =>
        {
            var codes = fixture.Assistant.Sent().Select(m => LinkFixture.CodeIn(m.Content)).Where(c => c.Length > 0).ToArray();
            (count, code) = (codes.Length, codes.LastOrDefault() ?? "");
            return count > before;
        });
        await fixture.Mallory.AskAsync("/link " + code);
        await fixture.Assistant.HoldsAsync(() => fixture.Assistant.Sent().Count(IsQuestion) > before);
        var clicked = await fixture.Assistant.ClickAsync(fixture.Assistant.Sent().Last(IsQuestion).MessageId, "Link");
        Assert.True(clicked["toast"]!["type"]!.GetValue<string>() == "success", clicked.ToJsonString());
    }

    private static async Task UndoAsync(LinkFixture fixture)
    {
        var notification = await fixture.Assistant.UntilAsync(m => m.Card?.Json.Contains("undo it within 24 hours", StringComparison.Ordinal) == true);
        var clicked = await fixture.Assistant.ClickAsync(notification.MessageId, "撤销 · Undo");
        Assert.True(clicked["toast"]!["type"]!.GetValue<string>() == "success", clicked.ToJsonString());
    }

    private static bool IsQuestion(Message message) => message.Card?.Json.Contains("That is not me", StringComparison.Ordinal) == true;
}

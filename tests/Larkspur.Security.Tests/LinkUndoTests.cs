using Larkspur.Emulator.World;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Assistant;

namespace Larkspur.Security.Tests;

/// <summary>Alice confirmed in a hurry and undoes it: Mallory has nothing of hers any more, and Alice is who she was.</summary>
public sealed class LinkUndoTests
{
    [Fact]
    public async Task Everybody_is_told_and_after_the_undo_Mallory_reads_nothing_of_Alices()
    {
        await using var stage = await LinkStage.StartAsync();
        var (ownChat, _) = await stage.SessionAsync(new { person = stage.AliceId, locale = "en_us" });
        using var alicesChat = ownChat;
        await stage.SaysAsync(alicesChat, "my secret question", "my secret question");
        await stage.RestsAsync();
        await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/permissions/roles/payroll", new { people = new[] { stage.AliceId } });
        await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules",
            """{"name":"payroll","feature":"streams","effect":"allow","who":{"roles":["payroll"]}}""");
        await ConfirmAsync(stage);

        // Both have heard of it, and she is who she was: the directory's id and name.
        await stage.Assistant.UntilAsync(m => m.Card?.Json.Contains("undo it within 24 hours", StringComparison.Ordinal) == true);
        await stage.HoldsAsync(async () => LinkStage.Relaxed(await stage.Mallory.HistoryAsync()).Contains("undo it within 24 hours", StringComparison.Ordinal));
        Assert.Equal(stage.AliceId, await stage.PersonAsync(stage.MalloryId));
        var one = (await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + stage.AliceId)).Body;
        Assert.NotEqual("Mallory", one.GetProperty("name").GetString());
        Assert.Equal(await stage.JoinIdAsync(), one.GetProperty("joins")[0].GetProperty("id").GetString());

        // As long as they are one, Mallory reads on: what is to be taken from her.
        Assert.Contains("my secret question", LinkStage.Relaxed(await stage.Mallory.HistoryAsync()), StringComparison.Ordinal);
        await stage.MallorySaysAsync("Summarise " + stage.Document, "<document-");
        await stage.RestsAsync();
        Assert.Contains(LinkStage.Salary, SentFiles.Asked(stage.Assistant.Emulator).Last(m => m.Query.StartsWith("Summarise", StringComparison.Ordinal)).Query, StringComparison.Ordinal);
        await stage.Assistant.SayAsync("said by Alice meanwhile");
        await stage.Assistant.AnswerAsync("said by Alice meanwhile");
        await stage.RestsAsync();
        // In this one both have spoken.
        var shared = ConversationOf(stage, "said by Alice meanwhile");
        Assert.Contains(SentFiles.Asked(stage.Assistant.Emulator), m => m.ConversationId == shared && m.Query.StartsWith("Summarise", StringComparison.Ordinal));

        await UndoAsync(stage);
        await stage.AreTwoAsync();
        Assert.Empty((await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/people/" + stage.AliceId)).Body.GetProperty("former_ids").EnumerateArray());

        // Her chat: what she wrote herself, and nothing of Alice's.
        var hers = LinkStage.Relaxed(await stage.Mallory.HistoryAsync());
        Assert.Contains("hello from mallory", hers, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret question", hers, StringComparison.Ordinal);
        var alices = LinkStage.Relaxed(await alicesChat.HistoryAsync());
        Assert.Contains("my secret question", alices, StringComparison.Ordinal);
        Assert.DoesNotContain("hello from mallory", alices, StringComparison.Ordinal);
        Assert.DoesNotContain("Summarise", alices, StringComparison.Ordinal);
        // Questions are theirs whose account asked them.
        Assert.Equal(["hello from mallory", "Summarise " + stage.Document], await stage.TextsAsync($"SELECT question FROM assistant_turn WHERE person = '{stage.MalloryId}' ORDER BY id"));
        Assert.Contains("said by Alice meanwhile", await stage.TextsAsync($"SELECT question FROM assistant_turn WHERE person = '{stage.AliceId}'"));
        Assert.Empty(await stage.TextsAsync("SELECT t.turn FROM assistant_turn t JOIN assistant_conversation c ON c.id = t.conversation WHERE c.person <> t.person AND c.ended_at IS NULL"));

        // Documents and roles.
        await stage.MallorySaysAsync("And once more, summarise " + stage.Document, "Feishu account is not linked");
        await stage.RestsAsync();
        var again = SentFiles.Asked(stage.Assistant.Emulator).Last(m => m.Query.StartsWith("And once more", StringComparison.Ordinal));
        Assert.DoesNotContain(LinkStage.Salary, again.Query, StringComparison.Ordinal);
        Assert.NotEqual(shared, again.ConversationId);
        Assert.Equal((false, true), (await MayAsync(stage, stage.MalloryId), await MayAsync(stage, stage.AliceId)));
        // The backend of a conversation in which both spoke would remember what the other said: Alice goes on in a new one.
        await stage.Assistant.SayAsync("and now?");
        await stage.Assistant.AnswerAsync("and now?");
        Assert.NotEqual(shared, ConversationOf(stage, "and now?"));
    }

    [Fact]
    public async Task What_was_never_mixed_goes_on_as_it_was()
    {
        await using var stage = await LinkStage.StartAsync();
        await stage.Assistant.SayAsync("before");
        await stage.Assistant.AnswerAsync("**before**");
        await stage.RestsAsync();
        var (alices, mallorys) = (ConversationOf(stage, "before"), ConversationOf(stage, "hello from mallory"));
        Assert.NotEqual(alices, mallorys);
        await ConfirmAsync(stage);
        await UndoAsync(stage);
        await stage.Assistant.SayAsync("after the undo");
        await stage.Assistant.AnswerAsync("after the undo");
        await stage.MallorySaysAsync("mallory after the undo", "**mallory after the undo**");
        Assert.Equal((alices, mallorys), (ConversationOf(stage, "after the undo"), ConversationOf(stage, "mallory after the undo")));
    }

    [Fact]
    public async Task Only_their_own_accounts_undo_it_for_a_day_and_an_administrator()
    {
        await using var stage = await LinkStage.StartAsync();
        await ConfirmAsync(stage);
        var join = await stage.JoinIdAsync();
        await stage.Assistant.SayAsync("/unlink", "bob");
        await stage.Assistant.UntilAsync(m => m.Content.Contains("nothing to undo", StringComparison.Ordinal), "bob");
        var (other, _) = await stage.SessionAsync(new { issuer = LinkStage.Issuer, subject = "eve", name = "Eve", locale = "en_us" });
        using (other) Assert.Equal("warning", (await other.DoAsync("asst:unlink:" + join)).Json!["toast"]!["kind"]!.GetValue<string>());
        var (secret, _) = await stage.Gateway.MakeKeyAsync("canteen", ["people:read", "messages:write"]);
        Assert.Equal(403, (await stage.Gateway.CallAsync(secret, HttpMethod.Post, $"/people/{stage.AliceId}/unlink", new { join })).Status);
        Assert.Equal(stage.AliceId, await stage.PersonAsync(stage.MalloryId));

        var undone = await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{stage.AliceId}/unlink", new { join });
        Assert.Equal((200, stage.MalloryId), (undone.Status, undone.Body.GetProperty("unlinked").GetProperty("id").GetString()));
        await stage.AreTwoAsync();
        Assert.Equal((422, "unknown_join"), Word(await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/people/{stage.AliceId}/unlink", new { join })));

        await ConfirmAsync(stage);
        await stage.RunAsync("UPDATE person_join SET undo_until = 1 WHERE undone_at IS NULL");
        await stage.Assistant.SayAsync("/unlink");
        await stage.Assistant.UntilAsync(m => m.Content.Contains("nothing to undo", StringComparison.Ordinal));
        Assert.Equal(stage.AliceId, await stage.PersonAsync(stage.MalloryId));
    }

    private static (int, string?) Word(KeyAnswer answer) => (answer.Status, answer.Error);

    private static string ConversationOf(LinkStage stage, string question) => SentFiles.Asked(stage.Assistant.Emulator).Last(m => m.Query == question).ConversationId;

    private static async Task<bool> MayAsync(LinkStage stage, string person)
    {
        var answer = await stage.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/check", new { feature = "streams", person, platform = "web" });
        return answer.Body.GetProperty("allowed").GetBoolean();
    }

    private static async Task ConfirmAsync(LinkStage stage)
    {
        var before = stage.Assistant.Sent().Count(IsQuestion);
        await stage.Assistant.SayAsync("/link");
        var count = 0;
        var code = "";
        await stage.Assistant.HoldsAsync(() =>
        {
            var codes = stage.Assistant.Sent().Select(m => LinkStage.CodeIn(m.Content)).Where(c => c.Length > 0).ToArray();
            (count, code) = (codes.Length, codes.LastOrDefault() ?? "");
            return count > before;
        });
        await stage.Mallory.AskAsync("/link " + code);
        await stage.Assistant.HoldsAsync(() => stage.Assistant.Sent().Count(IsQuestion) > before);
        var clicked = await stage.Assistant.ClickAsync(stage.Assistant.Sent().Last(IsQuestion).MessageId, "Link");
        Assert.True(clicked["toast"]!["type"]!.GetValue<string>() == "success", clicked.ToJsonString());
    }

    private static async Task UndoAsync(LinkStage stage)
    {
        var notice = await stage.Assistant.UntilAsync(m => m.Card?.Json.Contains("undo it within 24 hours", StringComparison.Ordinal) == true);
        var clicked = await stage.Assistant.ClickAsync(notice.MessageId, "撤销 · Undo");
        Assert.True(clicked["toast"]!["type"]!.GetValue<string>() == "success", clicked.ToJsonString());
    }

    private static bool IsQuestion(Message message) => message.Card?.Json.Contains("That is not me", StringComparison.Ordinal) == true;
}

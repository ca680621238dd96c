using System.Net.Http.Json;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>Questions over the web chat's API, answered by the emulated Dify.</summary>
public sealed class WebChatTests
{
    private const string Budget = "Question 1 of this conversation: **What is left of the budget?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob";

    [Fact]
    public async Task An_answer_streams_and_its_last_form_is_exact()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        var (status, taken) = await alice.AskAsync("What is left of the budget?", "q-1");
        Assert.Equal(202, status);
        Assert.Equal("q-1", taken!["client_id"]!.GetValue<string>());

        var end = await events.UntilAsync("answer-ended");
        Assert.Equal(Budget, end.Data["text"]!.GetValue<string>());
        Assert.Equal("finished", end.Data["state"]!.GetValue<string>());
        Assert.Contains("2026 年预算.xlsx", end.Data["note"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["helpful", "unhelpful", "again"], end.Data["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>().Split(':')[1]));
        Assert.Equal(taken["reference"]!.GetValue<string>(), end.Data["reference"]!.GetValue<string>());

        Assert.Equal(("message", "q-1"), (events.Read[0].Name, events.Read[0].Data["client_id"]!.GetValue<string>()));
        // On a slow machine it may have ended before the reader was told that it began.
        Assert.All(events.Read.Where(e => e.Name == "answer-begun"), e => Assert.StartsWith("asst:stop:tu_", e.Data["buttons"]![0]!["action"]!.GetValue<string>(), StringComparison.Ordinal));
        var view = new WebView();
        view.Take(events.Read);
        Assert.Equal(0, view.Doubled);
        Assert.Equal([("question", "What is left of the budget?"), ("answer", Budget)], view.Messages.Select(m => (m.Kind, m.Text)));

        var history = await alice.HistoryAsync();
        Assert.Equal(view.Messages.Select(m => (m.Id, m.Text)), history.Select(m => (m!["id"]!.GetValue<long>(), m["text"]!.GetValue<string>())));
        Assert.Empty(await alice.HistoryAsync("?after=" + history[^1]!["seq"]!.GetValue<long>()));
        Assert.Single(await alice.HistoryAsync("?limit=1&before=" + history[^1]!["seq"]!.GetValue<long>()));
    }

    [Fact]
    public async Task What_is_old_is_forgotten_and_so_is_an_answer_that_nobody_writes_any_more()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-slow")]);
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        await alice.AskAsync("slowly please");
        await events.UntilAsync("answer-begun");
        // One whose turn ended and could not be told, and one whose turn is forgotten.
        foreach (var turn in (string[])["tu_untold", "tu_forgotten"])
            await fixture.Gateway.DamageAsync($"INSERT INTO web_message (person, seq, changed, kind, key, turn, state, text, face, reference, at) SELECT person, seq + {turn.Length}, changed + {turn.Length}, 2, '{turn}', '{turn}', 0, '', face, reference, at FROM web_message WHERE kind = 2 AND turn LIKE 'tu_%' ORDER BY id LIMIT 1");
        await fixture.Gateway.DamageAsync("INSERT INTO assistant_turn (turn, conversation, partition, person, route, platform, app, chat_id, reply, sender, language, reference, question, asked_at, state, ending, reason) SELECT 'tu_untold', conversation, partition, person, route, platform, app, chat_id, reply, sender, language, reference, question, asked_at, 1, 'failed', 'untold' FROM assistant_turn ORDER BY id LIMIT 1");
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        Assert.Equal(0, await database.PruneAsync(ChatStore.PruneAsync, DateTimeOffset.UtcNow - TimeSpan.FromHours(1)));
        Assert.Equal(3, await database.PruneAsync(ChatStore.PruneAsync, DateTimeOffset.UtcNow + TimeSpan.FromHours(1)));
        // The one that is written stays.
        Assert.Equal(["answer"], (await alice.HistoryAsync()).Select(m => m!["kind"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_reader_that_comes_back_in_the_middle_misses_nothing_and_gets_nothing_twice()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-slow"), new("Larkspur:WebChat:CallsPerMinute", "100000")]);
        var alice = await fixture.ReaderAsync();
        var view = new WebView();
        string? last;
        using (var first = await alice.EventsAsync())
        {
            await alice.AskAsync("slowly please");
            await first.UntilAsync("answer-begun");
            await fixture.AdvanceUntilAsync(first.UntilAsync("answer-text"));
            last = first.Read[^1].Id;
            view.Take(first.Read);
        }

        // Nobody reads, and it goes on; who comes back has the rest in one piece.
        var known = view.Messages[^1].Text.Length;
        await fixture.AdvanceUntilAsync(fixture.HoldsAsync(async () => (await alice.HistoryAsync())[^1]!["text"]!.GetValue<string>().Length > known + 5));
        using (var second = await alice.EventsAsync(last))
        {
            var piece = await second.UntilAsync("answer-text");
            Assert.Equal(known, piece.Data["offset"]!.GetValue<int>());
            await fixture.AdvanceUntilAsync(second.UntilAsync("answer-ended"));
            Assert.DoesNotContain(second.Read, e => e.Name is "message" or "answer-begun" or "reset");
            view.Take(second.Read);
            last = second.Read[^1].Id;
        }

        Assert.Equal(0, view.Doubled);
        Assert.Equal(2, view.Messages.Count);
        Assert.EndsWith("Approver: Bob", view.Messages[^1].Text, StringComparison.Ordinal);

        using var third = await alice.EventsAsync(last);
        await alice.AskAsync("/help");
        var said = await third.UntilAsync("said");
        Assert.Contains("/new", said.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["message", "said"], third.Read.Select(e => e.Name));
    }

    [Fact]
    public async Task What_works_in_Feishu_alone_says_so_and_what_is_told_of_oneself_is_written_in_ones_language()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("Larkspur:Plugins:0", GatewayProcess.DemoBot)]);
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        await alice.AskAsync("/approve-demo");
        Assert.Contains("in Feishu", (await events.UntilAsync("said")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await alice.AskAsync("/whoami");
        var told = (await events.UntilAsync("said")).Data["text"]!.GetValue<string>();
        Assert.Contains("**Account**: alice", told, StringComparison.Ordinal);
        Assert.DoesNotContain("：", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no position")]
    [InlineData("00000000-99999999")]
    [InlineData("12345678-1.1-1-1.2-2-2")]
    public async Task What_is_no_position_begins_anew_and_says_so(string position)
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync(position);
        await alice.AskAsync("/help");
        await events.UntilAsync("said");
        Assert.Equal(["reset", "message", "said"], events.Read.Select(e => e.Name));
    }

    [Fact]
    public async Task The_same_client_id_is_answered_once()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => alice.AskAsync("once", "same")));
        Assert.All(answers, a => Assert.Equal(202, a.Status));
        await events.UntilAsync("answer-ended");
        Assert.Equal(202, (await alice.AskAsync("once", "same")).Status);
        await alice.AskAsync("twice", "other");
        await events.UntilAsync("answer-ended");
        Assert.Equal(["once", "twice"], await fixture.RowsAsync("SELECT question FROM assistant_turn ORDER BY id", r => r.GetString(0)));
        Assert.Equal(4, (await alice.HistoryAsync()).Count);
    }

    [Fact]
    public async Task A_verdict_is_recorded_and_only_of_who_asked()
    {
        await using var fixture = await WebFixture.StartAsync();
        var (alice, bob) = (await fixture.ReaderAsync(), await fixture.ReaderAsync("bob"));
        using var events = await alice.EventsAsync();
        await alice.AskAsync("What is left of the budget?");
        var end = await events.UntilAsync("answer-ended");
        var actions = end.Data["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>()).ToArray();

        var (status, done) = await alice.DoAsync(actions[0]);
        Assert.Equal((200, "success", "Thank you!"), (status, done!["toast"]!["kind"]!.GetValue<string>(), done["toast"]!["text"]!.GetValue<string>()));
        Assert.Equal("warning", (await bob.DoAsync(actions[1])).Json!["toast"]!["kind"]!.GetValue<string>());
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE verdict_due = 1", r => r.GetInt64(0)))[0] == 0);

        await alice.DoAsync(actions[2]);
        var second = await events.UntilAsync("answer-ended");
        Assert.StartsWith("Question 2 of this conversation", second.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (var bad in (string[])["asst:dance:tu_1", "tu_1", "asst:helpful:"]) Assert.Equal(422, (await alice.DoAsync(bad)).Status);
    }

    [Fact]
    public async Task A_stopped_answer_keeps_what_came()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-slow")]);
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        await alice.AskAsync("slowly please");
        var begun = await events.UntilAsync("answer-begun");
        await fixture.AdvanceUntilAsync(events.UntilAsync("answer-text"));
        Assert.Equal("success", (await alice.DoAsync(begun.Data["buttons"]![0]!["action"]!.GetValue<string>())).Json!["toast"]!["kind"]!.GetValue<string>());
        var end = await events.UntilAsync("answer-ended");
        Assert.Equal("stopped", end.Data["state"]!.GetValue<string>());
        Assert.StartsWith("Questi", end.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_ends_in_the_middle_says_so_and_the_button_asks_again()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-web-").FullName;
        try
        {
            await using var fixture = await WebFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-slow")], folder);
            var alice = await fixture.ReaderAsync();
            var view = new WebView();
            string last;
            using (var first = await alice.EventsAsync())
            {
                await alice.AskAsync("slowly please");
                await first.UntilAsync("answer-begun");
                await fixture.AdvanceUntilAsync(first.UntilAsync("answer-text"));
                view.Take(first.Read);
                last = first.Read[^1].Id;
            }

            await fixture.RestartAsync();
            var again = fixture.Read(alice.Token);
            using var second = await again.EventsAsync(last);
            var end = await second.UntilAsync("answer-ended");
            view.Take(second.Read);
            Assert.Equal("interrupted", end.Data["state"]!.GetValue<string>());
            Assert.Contains("This answer was interrupted", view.Messages[^1].Text, StringComparison.Ordinal);
            Assert.StartsWith("Questi", view.Messages[^1].Text, StringComparison.Ordinal);
            Assert.Equal(2, view.Messages.Count);

            await again.DoAsync(end.Data["buttons"]![0]!["action"]!.GetValue<string>());
            var whole = await second.UntilAsync("answer-ended");
            Assert.EndsWith("Approver: Bob", whole.Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("finished", whole.Data["state"]!.GetValue<string>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Words_are_of_the_sessions_language()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync("alice", "zh_cn");
        using var events = await alice.EventsAsync();
        await alice.AskAsync("/new");
        Assert.Contains("我们重新开始", (await events.UntilAsync("said")).Data["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("zh_cn", (await alice.CallAsync(HttpMethod.Get, "session")).Json!["locale"]!.GetValue<string>());
    }

    [Fact]
    public async Task People_who_become_one_have_one_chat()
    {
        await using var fixture = await WebFixture.StartAsync();
        var (alice, other) = (await fixture.ReaderAsync(), await fixture.ReaderAsync("alice-2"));
        using var events = await alice.EventsAsync();
        using (var others = await other.EventsAsync())
        {
            await alice.AskAsync("/help");
            await events.UntilAsync("said");
            await other.AskAsync("/new");
            await others.UntilAsync("said");
            var people = await fixture.RowsAsync("SELECT person FROM web_session ORDER BY id", r => r.GetString(0));
            (await fixture.Gateway.Http.PostAsJsonAsync($"/api/v1/people/{people[0]}/merge", new { from = people[1] }, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            // Who reads the chat that is none any more comes again.
            await others.EndsAsync();
        }

        // With what they are told of it.
        Assert.Equal(5, (await alice.HistoryAsync()).Count);
        Assert.Contains("An administrator has linked", (await alice.HistoryAsync())[^1]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((await alice.HistoryAsync()).Select(m => m!["text"]!.GetValue<string>()), (await other.HistoryAsync()).Select(m => m!["text"]!.GetValue<string>()));
        var seqs = (await alice.HistoryAsync()).Select(m => m!["seq"]!.GetValue<long>()).ToArray();
        Assert.Equal(seqs.Distinct().Order(), seqs);
    }
}

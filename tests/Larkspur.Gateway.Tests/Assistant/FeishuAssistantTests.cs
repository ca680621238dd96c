using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Questions in Feishu, answered by the emulated Dify.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class FeishuAssistantTests
{
    private static readonly string Budget = "Question 1 of this conversation: **What is left of the budget?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob";

    [Fact]
    public async Task An_answer_streams_into_a_card_and_its_last_face_is_exact()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var card = await fixture.AnswerAsync("Approver: Bob");

        Assert.Equal(Budget, AssistantFixture.TextOf(card));
        Assert.Contains("2026 年预算.xlsx", card.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("asst:helpful", card.Card.Json, StringComparison.Ordinal);
        Assert.DoesNotContain("asst:stop", card.Card.Json, StringComparison.Ordinal);
        Assert.Single(fixture.Sent());
        Assert.Equal(["finished"], await fixture.RowsAsync("SELECT ending FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_conversation_goes_on_and_new_begins_another()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("first");
        await fixture.AnswerAsync("Question 1 of this conversation: **first**");
        await fixture.SayAsync("second");
        await fixture.AnswerAsync("Question 2 of this conversation: **second**");
        await fixture.SayAsync("/new");
        await fixture.UntilAsync(m => m.Content.Contains("we start afresh", StringComparison.Ordinal));
        await fixture.SayAsync("third");
        await fixture.AnswerAsync("Question 1 of this conversation: **third**");
    }

    [Fact]
    public async Task Questions_that_come_at_once_are_answered_in_their_order()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        foreach (var text in (string[])["one", "two", "three"]) await fixture.SayAsync(text);
        await fixture.AnswerAsync("Question 3 of this conversation: **three**");
        await fixture.AnswerAsync("Question 2 of this conversation: **two**");
        await fixture.AnswerAsync("Question 1 of this conversation: **one**");
        Assert.Equal(3, fixture.Sent().Count);
    }

    [Fact]
    public async Task A_verdict_reaches_the_backend_and_is_recorded()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var card = await fixture.AnswerAsync("Approver: Bob");

        var clicked = await fixture.ClickAsync(card.MessageId, "👍 Helpful");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        await fixture.HoldsAsync(() => fixture.Emulator.State.Inspector.Calls().Any(c => c.Path.Contains("/feedbacks", StringComparison.Ordinal) && c.RequestBody.Contains("\"like\"", StringComparison.Ordinal)) || Due(fixture) == 0);
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        await fixture.HoldsAsync(() => Due(fixture) == 0);

        // Only who asked may say.
        var bob = await fixture.ClickAsync(card.MessageId, "👎 Not helpful", "bob");
        Assert.NotEqual("success", bob["toast"]?["type"]?.GetValue<string>());
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));

        static long Due(AssistantFixture fixture) => fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE verdict_due = 1", r => r.GetInt64(0)).GetAwaiter().GetResult()[0];
    }

    [Fact]
    public async Task A_verdict_is_seen_on_the_card_and_can_be_changed()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("What is left of the budget?");
        var card = await fixture.AnswerAsync("Approver: Bob");

        await fixture.ClickAsync(card.MessageId, "👍 Helpful");
        // Without the emoji: a card that was rendered again and kept has it escaped.
        await fixture.UntilAsync(m => m.MessageId == card.MessageId && m.Card!.Json.Contains(" Helpful ✓", StringComparison.Ordinal));
        await fixture.ClickAsync(card.MessageId, "👎 Not helpful");
        var changed = await fixture.UntilAsync(m => m.MessageId == card.MessageId && m.Card!.Json.Contains(" Not helpful ✓", StringComparison.Ordinal));
        Assert.DoesNotContain(" Helpful ✓", changed.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(Budget, AssistantFixture.TextOf(changed));
        Assert.Equal([0L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        Assert.Single(fixture.Sent());
    }

    [Fact]
    public async Task Asked_again_it_answers_in_a_new_card()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("once");
        var card = await fixture.AnswerAsync("Question 1 of this conversation: **once**");
        await fixture.ClickAsync(card.MessageId, "🔄 Answer again");
        var second = await fixture.AnswerAsync("Question 2 of this conversation: **once**");
        Assert.NotEqual(card.MessageId, second.MessageId);
    }

    [Fact]
    public async Task The_stop_button_ends_an_answer_with_what_was_written()
    {
        await using var fixture = await AssistantFixture.StartAsync(e => [new("DIFY_API_KEY", "app-emulator-slow")]);
        await fixture.SayAsync("slowly please");
        var loading = await fixture.UntilAsync(m => m.Card?.Json.Contains("asst:stop", StringComparison.Ordinal) == true);
        await fixture.Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        await fixture.UntilAsync(m => AssistantFixture.TextOf(m).StartsWith("Questi", StringComparison.Ordinal));
        var stopped = await fixture.ClickAsync(loading.MessageId, "⏹ Stop");
        Assert.Equal("success", stopped["toast"]!["type"]!.GetValue<string>());

        var card = await fixture.AnswerAsync("Questi");
        Assert.Equal(loading.MessageId, card.MessageId);
        Assert.Contains("(Stopped.)", card.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(["stopped"], await fixture.RowsAsync("SELECT ending FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_backend_that_fails_is_told_in_friendly_words_with_a_reference_and_a_button()
    {
        await using var fixture = await AssistantFixture.StartAsync(e => [new("DIFY_API_KEY", "app-emulator-failing")]);
        await fixture.SayAsync("provider_quota_exceeded please");
        var card = await fixture.UntilAsync(m => m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true);
        var reference = (await fixture.RowsAsync("SELECT reference FROM assistant_turn", r => r.GetString(0))).Single();
        Assert.Contains(reference, AssistantFixture.TextOf(card), StringComparison.Ordinal);
        Assert.Equal(["failed"], await fixture.RowsAsync("SELECT ending FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task Another_backend_stands_in_for_one_that_gives_nothing()
    {
        await using var fixture = await AssistantFixture.StartAsync(e =>
        [
            new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null),
            .. AssistantFixture.Backend("default", "app-emulator-failing", e), .. AssistantFixture.Backend("spare", "app-emulator-key", e), new("Larkspur:Assistant:Backends:default:Fallback", "spare"),
        ]);
        await fixture.SayAsync("app_unavailable please");
        var card = await fixture.AnswerAsync("Question 1 of this conversation");
        Assert.Contains("another one answered", card.Card!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Personal_data_is_masked_both_ways()
    {
        await using var fixture = await AssistantFixture.StartAsync(e => [new("Larkspur:Assistant:Masking", "mobile,email")]);
        await fixture.SayAsync("请联系13812345678或alice@example.com");
        var card = await fixture.AnswerAsync("本次会话的第 1 个问题");
        Assert.DoesNotContain("13812345678", AssistantFixture.TextOf(card), StringComparison.Ordinal);
        Assert.DoesNotContain("alice@example.com", AssistantFixture.TextOf(card), StringComparison.Ordinal);
        Assert.Contains("5678", AssistantFixture.TextOf(card), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_questions_at_once_are_refused_with_a_way_out()
    {
        await using var fixture = await AssistantFixture.StartAsync(e => [new("DIFY_API_KEY", "app-emulator-slow"), new("Larkspur:Assistant:MaxPerPerson", "2")]);
        await fixture.SayAsync("one");
        await fixture.SayAsync("two");
        await fixture.SayAsync("three");
        await fixture.UntilAsync(m => m.Content.Contains("2 of your questions", StringComparison.Ordinal));
        await fixture.SayAsync("/stop");
        await fixture.UntilAsync(m => m.Content.Contains("Stopping", StringComparison.Ordinal));
        await fixture.HoldsAsync(() => fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 0", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 0);
        Assert.Equal(["stopped", "stopped"], await fixture.RowsAsync("SELECT ending FROM assistant_turn ORDER BY id", r => r.GetString(0)));
    }
}

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>The web chat over two processes: who reads is told of what another process writes, and nothing is lost or told twice when either dies.</summary>
public sealed class TwoProcessChatTests
{
    private const string Whole = "Question 1 of this conversation: **What is left?**.\n\n- 12,000 CNY of the office budget of 2026 are left\n- Approver: Bob";

    [Fact]
    public async Task A_question_asked_of_one_and_answered_by_the_other_streams_to_who_reads()
    {
        await using var two = await StartAsync();
        using var page = await WebPage.OpenAsync(two.A.Process);
        _ = await page.ReadAsync(two.A.Process);
        await two.NextIsOfAsync(two.B);
        await page.AskAsync(two.A.Process, "What is left?");
        // In the backend's own time first: hurried, it would be at its end before anything was read.
        await two.UntilAsync(() => Task.FromResult(page.Pieces > 1), "two pieces of the answer");
        await two.AdvanceUntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.StateOf(answer) == "finished"), "the answer");

        Assert.Equal([two.B.Node], await two.WritersAsync());
        Assert.Equal(Whole, WebPage.TextOf(page.Answers[0]));
        Assert.Equal(0, page.Doubled);
        Assert.Equal(["finished"], await two.EndingsAsync());
    }

    [Fact]
    public async Task A_writer_that_is_killed_leaves_an_interrupted_answer_and_a_button_that_asks_again()
    {
        await using var two = await StartAsync();
        using var page = await WebPage.OpenAsync(two.A.Process);
        _ = await page.ReadAsync(two.A.Process);
        await two.NextIsOfAsync(two.B);
        await page.AskAsync(two.A.Process, "What is left?");
        await two.UntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.TextOf(answer).StartsWith("Question 1 of this", StringComparison.Ordinal)), "the first words");
        await two.B.Process.KillAsync();

        await two.UntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.StateOf(answer) == "interrupted"), "the interrupted answer");
        var interrupted = page.Answers[0];
        // What is kept of an answer may be a little behind what was read of it.
        Assert.StartsWith("Questi", WebPage.TextOf(interrupted), StringComparison.Ordinal);
        Assert.Contains("This answer was interrupted", WebPage.TextOf(interrupted), StringComparison.Ordinal);

        var again = interrupted["buttons"]!.AsArray().Select(b => b!["action"]!.GetValue<string>()).Single(d => d.StartsWith("asst:again:", StringComparison.Ordinal));
        await page.DoAsync(two.A.Process, again);
        await two.AdvanceUntilAsync(() => Task.FromResult(page.Answers is [_, var answer] && WebPage.StateOf(answer) == "finished"), "the second answer");
        Assert.EndsWith("Approver: Bob", WebPage.TextOf(page.Answers[1]), StringComparison.Ordinal);
        Assert.Equal(["interrupted", "finished"], await two.EndingsAsync());
        Assert.Equal([two.B.Node, two.A.Node], await two.WritersAsync());
    }

    [Fact]
    public async Task Who_read_at_a_process_that_is_killed_reads_on_at_the_other_and_misses_nothing()
    {
        await using var two = await StartAsync();
        using var page = await WebPage.OpenAsync(two.A.Process);
        var reading = await page.ReadAsync(two.A.Process);
        await two.NextIsOfAsync(two.B);
        await page.AskAsync(two.A.Process, "What is left?");
        await two.UntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.TextOf(answer).StartsWith("Question", StringComparison.Ordinal)), "the first words");
        await two.A.Process.KillAsync();
        await reading;

        _ = await page.ReadAsync(two.B.Process);
        // Sent again, because it is not known whether it had come: it is the same question.
        await page.AskAsync(two.B.Process, "What is left?");
        await two.AdvanceUntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.StateOf(answer) == "finished"), "the answer");
        Assert.Equal(Whole, WebPage.TextOf(Assert.Single(page.Answers)));
        Assert.Equal([two.B.Node], await two.WritersAsync());
    }

    [Fact]
    public async Task A_question_whose_taker_is_killed_at_once_is_answered_once_by_the_other()
    {
        await using var two = await StartAsync();
        using var page = await WebPage.OpenAsync(two.B.Process);
        _ = await page.ReadAsync(two.B.Process);
        await two.NextIsOfAsync(two.A);
        await page.AskAsync(two.A.Process, "What is left?");
        await two.A.Process.KillAsync();

        await two.AdvanceUntilAsync(() => Task.FromResult(page.Answers is [var answer] && WebPage.StateOf(answer) is "finished" or "interrupted"), "the answer");
        if (WebPage.StateOf(page.Answers[0]) == "finished") Assert.Equal(Whole, WebPage.TextOf(page.Answers[0]));
        else Assert.Contains(page.Answers[0]["buttons"]!.AsArray(), b => b!["action"]!.GetValue<string>().StartsWith("asst:again:", StringComparison.Ordinal));
        Assert.Equal("1", await two.SqlAsync("SELECT COUNT(*) FROM assistant_turn"));
        Assert.Single(page.Answers);
    }

    private static async Task<TwoProcesses> StartAsync()
    {
        var emulator = await EmulatorApp.StartAsync();
        return await TwoProcesses.StartAsync(emulator, new Dictionary<string, string> { ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = "app-emulator-slow" });
    }
}

namespace Larkspur.Samples.Tests;

public sealed class StreamingAnswerTests
{
    [Fact]
    public async Task A_question_is_answered_in_a_card_that_grows()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var bot = await StartAsync(emulator, "app-emulator-key");

        await emulator.SayAsync("alice", "What is left of the budget?");

        // The end of the scripted answer.
        await bot.ShowsAsync(emulator, "Approver: Bob");
    }

    [Fact]
    public async Task Somebody_whose_question_has_no_answer_is_told()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var bot = await StartAsync(emulator, "app-emulator-failing");

        await emulator.SayAsync("alice", "provider_quota_exceeded please");

        await bot.ShowsAsync(emulator, "Sorry, no answer this time.");
    }

    private static async Task<SampleProcess> StartAsync(EmulatorApp emulator, string key)
    {
        var bot = SampleProcess.Start(
            "StreamingAnswer", emulator, null, ("DIFY_BASE_URL", new Uri(emulator.BaseUrl, "v1").ToString()), ("DIFY_API_KEY", key));
        await bot.ConnectedAsync(emulator);
        return bot;
    }
}

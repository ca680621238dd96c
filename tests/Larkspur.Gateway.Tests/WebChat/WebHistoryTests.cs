using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Conversations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>What the pages of a chat say of an answer that ends while they are read.</summary>
public sealed class WebHistoryTests
{
    private const int Answers = 60;

    [Fact]
    public async Task What_a_reader_has_seen_of_an_answer_stays_there_while_it_ends()
    {
        await using var fixture = await WebFixture.StartAsync(
            _ => [new("Larkspur:WebChat:CallsPerMinute", "100000"), new("Larkspur:WebChat:MessagesPerMinute", "10000")],
            configure: builder => builder.Services.AddSingleton<IAssistant, ScriptedAssistant>());
        var assistant = fixture.Gateway.Services.GetServices<IAssistant>().OfType<ScriptedAssistant>().Single();
        var alice = await fixture.ReaderAsync();
        for (var i = 0; i < Answers; i++)
        {
            var (word, seen) = ($"w{i}.", new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            assistant.Script = async (_, answer) =>
            {
                answer.Append(word);
                await seen.Task;
                await assistant.FinishAsync(answer, new AnswerEnd(word));
            };
            await alice.AskAsync("?");
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(word, seen)));
        }

        async Task ReadAsync(string word, TaskCompletionSource seen)
        {
            for (var wasSeen = false; ;)
            {
                var last = (await alice.HistoryAsync("?limit=1")).SingleOrDefault(m => m!["kind"]!.GetValue<string>() == "answer");
                var isThere = last?["text"]!.GetValue<string>() == word;
                Assert.True(isThere || !wasSeen, $"{word} was read, and then: {last?.ToJsonString()}");
                if (isThere && last!["state"]!.GetValue<string>() == "finished") return;
                if (!isThere) continue;
                wasSeen = true;
                seen.TrySetResult();
            }
        }
    }
}

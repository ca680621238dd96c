using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.DingTalk.Answers;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>An answer that grows in a card when a frame goes wrong.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class GrowingCardTests
{
    private const string Turn = "tu_0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_frame_that_fails_in_a_way_nobody_foresaw_takes_nothing_of_the_end_and_stands_in_nobodys_way()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        var services = fixture.Gateway.Services;
        var (app, live) = (services.GetRequiredService<DingTalkApps>().Get("default"), services.GetRequiredService<LiveAnswers>());
        var request = new AnswerRequest
        {
            Turn = Turn, TurnId = 1, App = app.Name, Reply = new ReplyAddress("alice", DingTalkAddress.Person, await AliceAsync(fixture)), Language = Language.English, Reference = "7QX4-M0RT",
        };
        await services.GetRequiredService<AnswerCards>().OpenAsync(app, Turn, request.Reply, request.Language, null, TestContext.Current.CancellationToken);
        var rendered = new TaskCompletionSource();
        var writer = app.Client.Cards.Write(Turn, AnswerVariables.Text, new AiCardOptions { Render = Fail });
        var answer = new GrowingCard(app, Turn, request, writer, services.GetRequiredService<IOutbox>(),
            services.GetRequiredService<DingTalkPictures>(), live);
        await live.AddAsync(answer);
        answer.Append("a");
        await rendered.Task.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);

        await answer.QuietAsync();
        await services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await answer.FinishAsync(unit, new AnswerEnd("all of it"));
            return true;
        }, TestContext.Current.CancellationToken);
        await fixture.CardAsync(c => c["finalized"]!.GetValue<bool>() && DingTalkFixture.TextOf(c) == "all of it", "the end");
        await live.AddAsync(new GrowingCard(app, Turn, request, null, services.GetRequiredService<IOutbox>(),
            services.GetRequiredService<DingTalkPictures>(), live));

        string Fail(string text)
        {
            rendered.TrySetResult();
            throw new NotSupportedException("no such text");
        }
    }

    /// <summary>Her userid.</summary>
    private static async Task<string> AliceAsync(DingTalkFixture fixture)
    {
        await fixture.SayAsync("/help");
        await fixture.MessageAsync(t => t.Length > 0, "the commands");
        return (await fixture.RowsAsync("SELECT target FROM outbox WHERE target_type = 'userid'", r => r.GetString(0)))[0];
    }
}

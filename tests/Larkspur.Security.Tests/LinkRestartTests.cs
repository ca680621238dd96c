using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Security.Tests;

/// <summary>What was asked stands in the database: another process, or the same after a restart, takes the word once, and from nobody
/// else.</summary>
public sealed class LinkRestartTests
{
    [Fact]
    public async Task A_restart_forgets_neither_the_question_nor_who_is_asked()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-link-").FullName;
        try
        {
            string code, request;
            await using (var before = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: folder))
            {
                await before.GetOrCreateAsync(OnFeishu("ou_a", name: "Alice"));
                code = (await before.BeginAsync(OnFeishu("ou_a"))).Code;
                Assert.Equal(LinkOutcome.Asked, (await before.LinkAsync(OnDingTalk("mallory"), code)).Outcome);
                request = await before.RequestAsync();
                await before.StopAsync();
            }

            await using var after = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: folder);
            // The typist, an account of nobody, and the right one with another's request.
            Assert.Equal(LinkOutcome.NothingAsked, (await after.DecideAsync(OnDingTalk("mallory"), request: request)).Outcome);
            Assert.Equal(LinkOutcome.NothingAsked, (await after.DecideAsync(OnWeCom("eve"), request: request)).Outcome);
            Assert.Equal(LinkOutcome.NothingAsked, (await after.DecideAsync(OnFeishu("ou_a"), request: "lr_" + new string('0', 32))).Outcome);
            Assert.Equal(2, await after.CountAsync("person"));
            Assert.Equal(LinkOutcome.Linked, (await after.DecideAsync(OnFeishu("ou_a"), request: request)).Outcome);
            Assert.Equal(LinkOutcome.Undone, (await after.UndoAsync(OnFeishu("ou_a"))).Outcome);
            Assert.Equal(2, await after.CountAsync("person"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Two_processes_that_get_the_word_at_once_join_once_and_one_that_gets_the_opposite_changes_nothing()
    {
        var settings = new Dictionary<string, string?> { ["LARKSPUR_DB"] = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };
        await using var first = await IdentityFixture.StartAsync(settings);
        await using var second = await IdentityFixture.StartAsync(settings);
        await first.GetOrCreateAsync(OnFeishu("ou_a", name: "Alice"));
        var asked = await second.LinkAsync(OnDingTalk("mallory"), (await first.BeginAsync(OnFeishu("ou_a"))).Code);
        Assert.Equal(LinkOutcome.Asked, asked.Outcome);
        var decided = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? first : second).DecideAsync(OnFeishu("ou_a"), confirms: i < 4)));
        // Whichever word came first holds for all.
        var isJoined = decided.Any(d => d.Outcome == LinkOutcome.Linked);
        Assert.All(decided, d => Assert.Contains(d.Outcome, (LinkOutcome[])[isJoined ? LinkOutcome.Linked : LinkOutcome.Refused, LinkOutcome.NothingAsked]));
        Assert.Equal(isJoined ? 1 : 0, (await first.LinesAsync("person.merged")).Count);
        Assert.Equal(isJoined ? 1 : 2, await second.CountAsync("person"));
    }
}

using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Backends that break off, processes that end, people who may not.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AssistantTroubleTests
{
    [Theory]
    [InlineData("error")]
    [InlineData("drop")]
    public async Task An_answer_that_breaks_off_keeps_what_came_and_says_so(string how)
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-failing")]);
        await fixture.SayAsync(how + " in the middle");
        var card = await fixture.UntilAsync(m => m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true);
        Assert.Contains("This answer was interrupted", AssistantFixture.TextOf(card), StringComparison.Ordinal);
        Assert.StartsWith("Quest", AssistantFixture.TextOf(card), StringComparison.Ordinal);
        Assert.Equal(["interrupted"], await fixture.RowsAsync("SELECT ending FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_gateway_that_ends_in_the_middle_says_so_with_its_next_start_and_the_button_asks_again()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var folder = Directory.CreateTempSubdirectory("larkspur-assistant-").FullName;
        try
        {
            var settings = AssistantFixture.Settings(emulator, _ => [new("DIFY_API_KEY", "app-emulator-slow")]);
            string card;
            await using (var first = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), settings, folder))
            {
                await emulator.SetCallbackAsync(new Uri(first.Address, "/webhook/feishu").ToString(), verify: true);
                await emulator.ActAsync(new { @as = "alice", @do = "send", text = "slowly please" });
                await WaitAsync(emulator, "Thinking");
                await emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
                card = await WaitAsync(emulator, "Questi");
            }

            await using var second = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), AssistantFixture.Settings(emulator, null), folder);
            await emulator.SetCallbackAsync(new Uri(second.Address, "/webhook/feishu").ToString(), verify: true);
            Assert.Equal(card, await WaitAsync(emulator, "This answer was interrupted"));
            Assert.Contains("Questi", emulator.State.Message(card)!.Card!.Json, StringComparison.Ordinal);

            await emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "🔄 Ask again" });
            Assert.NotEqual(card, await WaitAsync(emulator, "Approver: Bob"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_backend_that_fails_again_and_again_is_left_alone()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-failing"), new("Larkspur:Assistant:BreakerFailures", "2")]);
        for (var i = 1; i <= 4; i++)
        {
            await fixture.SayAsync("internal_server_error " + i);
            var now = i;
            await fixture.HoldsAsync(() => fixture.Sent().Count(m => m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true) == now);
        }

        Assert.Contains(fixture.Gateway.Logs.Lines, l => l.Message.Contains("left alone for a while", StringComparison.Ordinal));
        var metrics = await fixture.Gateway.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("larkspur_assistant_breaker_open{backend=\"default\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_is_refused_before_the_backend_is_asked()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [new("Larkspur:People:DefaultPermission", "deny")]);
        await fixture.SayAsync("May I?");
        await fixture.UntilAsync(m => m.Content.Contains("not permitted", StringComparison.Ordinal));
        Assert.Empty(await fixture.RowsAsync("SELECT id FROM assistant_turn", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task Routes_take_keywords_commands_and_what_people_chose()
    {
        await using var fixture = await AssistantFixture.StartAsync(e =>
        [
            .. AssistantFixture.Backend("chatflow", "app-emulator-chatflow", e), .. AssistantFixture.Backend("agent", "app-emulator-agent", e), .. AssistantFixture.Backend("new-agent", "app-emulator-new-agent", e),
            new("Larkspur:Assistant:Routes:0:Name", "money"), new("Larkspur:Assistant:Routes:0:Backend", "chatflow"), new("Larkspur:Assistant:Routes:0:Keywords:0", "Budget"),
            new("Larkspur:Assistant:Routes:1:Name", "hr"), new("Larkspur:Assistant:Routes:1:Backend", "agent"), new("Larkspur:Assistant:Routes:1:Command", "hr"),
            new("Larkspur:Assistant:Routes:2:Name", "legal"), new("Larkspur:Assistant:Routes:2:Backend", "new-agent"), new("Larkspur:Assistant:Routes:2:Selectable", "true"), new("Larkspur:Assistant:Routes:2:Title", "Legal"),
        ]);
        await fixture.SayAsync("the budget?");
        await fixture.AnswerAsync("**the budget?**");
        await fixture.SayAsync("/hr how many days");
        await fixture.AnswerAsync("**how many days**");
        await fixture.SayAsync("plain");
        await fixture.AnswerAsync("**plain**");
        await fixture.SayAsync("/switch legal");
        await fixture.UntilAsync(m => m.Content.Contains("From now on Legal answers", StringComparison.Ordinal));
        await fixture.SayAsync("and now");
        await fixture.AnswerAsync("**and now**");
        Assert.Equal(["money", "hr", "default", "legal"], await fixture.RowsAsync("SELECT route FROM assistant_turn ORDER BY id", r => r.GetString(0)));
        Assert.Equal(["chatflow", "agent", "default", "new-agent"], await fixture.RowsAsync("SELECT backend FROM assistant_turn ORDER BY id", r => r.GetString(0)));
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_named()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var e = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string, string?>
        {
            ["Larkspur:Assistant:Backends:a:BaseUrl"] = "http://dify.example.com/v1", ["Larkspur:Assistant:Backends:a:Fallback"] = "b",
            ["Larkspur:Assistant:Backends:a:FilesUrl"] = "files",
            ["Larkspur:Assistant:Routes:0:Name"] = "X Y", ["Larkspur:Assistant:Routes:0:Backend"] = "none",
        }));
        Assert.Contains("Backends:a:BaseUrl: use https", e.Message, StringComparison.Ordinal);
        Assert.Contains("Backends:a:ApiKey: is missing", e.Message, StringComparison.Ordinal);
        Assert.Contains("Backends:a:Fallback: there is no backend b", e.Message, StringComparison.Ordinal);
        Assert.Contains("Backends:a:FilesUrl: an address like", e.Message, StringComparison.Ordinal);
        Assert.Contains("Routes:0:Name", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string> WaitAsync(EmulatorApp emulator, string contains) => (await emulator.WaitForMessageAsync($"from=app&contains={Uri.EscapeDataString(contains)}&timeout_ms=30000"))["message_id"]!.GetValue<string>();
}

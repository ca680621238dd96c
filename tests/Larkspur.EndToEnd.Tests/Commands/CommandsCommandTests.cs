namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur commands</c>: a command of the bot is registered, called, changed and taken away.</summary>
public sealed class CommandsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Leave = """{"description": {"zh": "请假", "en": "ask for leave"}, "aliases": ["请假"], "answer_within_seconds": 0, "webhook": "hr"}""";

    [Fact]
    public async Task A_command_is_registered_called_and_taken_away()
    {
        var secret = fixture.Business.Secret;
        (await fixture.RunAsync(["webhooks", "add", "hr", fixture.BusinessAddress, "--event", "command.called", "--secret-file", "-"], secret + "\n")).Is(0);
        var file = fixture.Write("leave.json", Leave);
        (await fixture.RunAsync("commands", "put", "leave", file)).Is(0, "ask for leave");
        (await fixture.RunAsync("commands", "list")).Is(0, "/leave");
        Assert.Equal("system", (await fixture.RunAsync("commands", "show", "leave", "--json")).Is(0).Json.GetProperty("origin").GetString());

        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", text = "/leave 明天" });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!fixture.Business.Told.Any(t => t.Type == "command.called")) await ticks.WaitForNextTickAsync(deadline.Token);
        (await fixture.RunAsync("commands", "calls", "list", "leave")).Is(0, "called");
        var called = Assert.Single((await fixture.RunAsync("commands", "calls", "list", "leave", "--json")).Is(0).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("明天", called.GetProperty("text").GetString());

        (await fixture.RunAsync("commands", "delete", "leave")).Is(0, "Deleted: /leave");
        (await fixture.RunAsync("commands", "show", "leave")).Is(1, "not_found");
    }

    [Fact]
    public async Task What_is_misspelt_is_refused_where_it_stands()
    {
        var file = fixture.Write("typo.json", """{"description": "ask for leave", "alias": ["请假"]}""");
        (await fixture.RunAsync("commands", "put", "typo", file)).Is(2, "/alias");
        (await fixture.RunAsync("commands", "put", "typo", "gone.json")).Is(2, "there is no file");
    }
}

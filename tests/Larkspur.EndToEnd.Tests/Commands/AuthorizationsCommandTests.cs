using Larkspur.EndToEnd.Tests.Console;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur authorizations</c>: somebody is asked, allows it, is called for, and it is given back.</summary>
public sealed class AuthorizationsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Reason = "Find a room that is free";

    [Fact]
    public async Task Somebody_is_asked_called_for_and_called_for_no_more()
    {
        var asked = await fixture.RunAsync("authorizations", "ask", "--to", "alice@mica.example", "--scope", AuthorizationSeed.Scope,
            "--reason", "查找空闲会议室", "--reason-en", Reason, "--no-card", "--json");
        asked.Is(0, Reason);
        var (id, link) = (asked.Json.GetProperty("id").GetString()!, asked.Json.GetProperty("url").GetString()!);
        // What waits already is not asked for again, and is told to people with its link.
        (await fixture.RunAsync("authorizations", "ask", "--to", "alice@mica.example", "--scope", AuthorizationSeed.Scope,
            "--reason", Reason, "--no-card")).Is(0, link);
        (await fixture.RunAsync("authorizations", "list", "--state", "waiting")).Is(0, id);
        (await fixture.RunAsync("authorizations", "call", id, "calendar.v4.calendar.list")).Is(1, "has not answered yet");

        await AuthorizationSeed.AnswerAsync(link, "alice");
        (await fixture.RunAsync("authorizations", "show", id)).Is(0, "given");
        var called = await fixture.RunAsync("authorizations", "call", id, "calendar.v4.calendar.list", "--query", "page_size=50");
        Assert.Equal("primary", called.Is(0).Json.GetProperty("calendar_list")[0].GetProperty("type").GetString());
        var calendar = called.Json.GetProperty("calendar_list")[0].GetProperty("calendar_id").GetString();
        (await fixture.RunAsync("authorizations", "call", id, "calendar.v4.calendar.get", "--path", $"calendar_id={calendar}", "--json"))
            .Is(0, "log_id");
        (await fixture.RunAsync("authorizations", "call", id, "calendar.v4.calendar.lits")).Is(1, "Did you mean");

        (await fixture.RunAsync("authorizations", "withdraw", id)).Is(0, "Withdrawn: " + id);
        (await fixture.RunAsync("authorizations", "call", id, "calendar.v4.calendar.list")).Is(1, "does not allow it");
        (await fixture.RunAsync("authorizations", "show", id)).Is(0, "given_back");
    }

    [Theory]
    [InlineData("Say who is asked: --to or --person.", "ask", "--scope", "calendar:calendar:readonly", "--reason", Reason)]
    [InlineData("'--reason'", "ask", "--to", "alice", "--scope", "calendar:calendar:readonly")]
    [InlineData("is no value for --query", "call", "au_1", "calendar.v4.calendar.list", "--query", "page_size")]
    [InlineData("--body is not JSON", "call", "au_1", "calendar.v4.calendar.primary", "--body", "{summary}")]
    [InlineData("there is no file gone.json", "call", "au_1", "calendar.v4.calendar.primary", "--body", "@gone.json")]
    public async Task What_is_malformed_is_said_before_anything_is_asked(string sentence, params string[] arguments) =>
        (await fixture.RunAsync(["authorizations", .. arguments])).Is(2, sentence);

    [Fact]
    public async Task What_the_gateway_refuses_is_told_in_its_words()
    {
        (await fixture.RunAsync("authorizations", "ask", "--to", "alice@mica.example", "--scope", "calendar:calender:readonly",
            "--reason", Reason)).Is(1, "Did you mean \"calendar:calendar:readonly\"?");
        (await fixture.RunAsync("authorizations", "ask", "--to", "nobody@mica.example", "--scope", AuthorizationSeed.Scope,
            "--reason", Reason)).Is(1, "unknown_person");
        (await fixture.RunAsync("authorizations", "show", "au_1")).Is(1, "not_found");
    }
}

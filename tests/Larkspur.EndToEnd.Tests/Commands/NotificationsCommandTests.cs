using System.Text.Json;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur notifications</c>, as a business system's engineer uses it.</summary>
public sealed class NotificationsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Variables = """{"number":"PR-1","title":{"zh":"笔记本电脑","en":"Laptops"},"amount":{"amount":"98765.40","currency":"CNY"},"applicant":{"email":"alice@mica.example"}}""";

    [Fact]
    public async Task A_requisition_is_told_once_reminded_of_resolved_and_found_again()
    {
        fixture.Write("pr.json", Variables);
        string[] send = ["notifications", "send", "pr.submitted", "--subject", "PR-1", "--to", "bob@mica.example", "--applicant", "alice@mica.example", "--vars", "pr.json", "--key", "PR-1"];
        var sent = (await fixture.RunAsync([.. send, "--json"])).Is(0);
        Assert.Equal("", sent.Errors);
        var id = sent.Json.GetProperty("id").GetString()!;
        (await fixture.RunAsync(send)).Is(0, $"Queued: {id}, cards for Bob");
        (await fixture.RunAsync([.. send, "--var", "number=PR-2"])).Is(1, "key_in_use");

        var told = await fixture.UntilAsync(run => Delivery(run).GetProperty("state").GetString() is "sent" or "read", "notifications", "show", id);
        await fixture.Emulator.WaitForMessageAsync("message_id=" + Delivery(told).GetProperty("message_id").GetString());
        (await fixture.RunAsync("notifications", "show", id)).Is(0, "Bob");
        // People have the number of the requisition at hand, not our id.
        (await fixture.RunAsync("notifications", "show", "PR-1")).Is(0, id);
        var listed = (await fixture.RunAsync("notifications", "list", "--subject", "PR-1", "--json")).Is(0).Json.GetProperty("items");
        Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString());
        Assert.Matches($@"(?m)^{id}  \d+ (s|min) ago +pr\.submitted  PR-1 +open +1 (sent|read)$", (await fixture.RunAsync("notifications", "list", "--subject", "PR-1")).Is(0).Output.ReplaceLineEndings("\n"));

        (await fixture.RunAsync("notifications", "remind", id, "--key", "nudge")).Is(0, "Reminded: " + id);
        (await fixture.RunAsync("notifications", "remind", id)).Is(1, "reminded_lately");
        (await fixture.RunAsync("notifications", "resolve", "--subject", "PR-1", "--status", "closed", "--text", "Withdrawn in the ERP", "--text-zh", "已撤销", "--by", "Alice")).Is(0, "Resolved: " + id);
        (await fixture.RunAsync("notifications", "show", id)).Is(0, "closed: Withdrawn in the ERP, by Alice");
        (await fixture.RunAsync("notifications", "recall", id)).Is(0, "Recalled: " + id);
        (await fixture.RunAsync("notifications", "list", "--subject", "PR-none")).Is(0, "None.");

        static JsonElement Delivery(CliRun run) => run.Json.GetProperty("deliveries")[0];
    }

    [Fact]
    public async Task Several_notifications_of_a_subject_are_told_apart()
    {
        fixture.Write("pr.json", Variables);
        string[] send = ["notifications", "send", "pr.submitted", "--subject", "PR-9", "--to", "bob@mica.example", "--vars", "pr.json", "--json"];
        var ids = new[] { await IdAsync(), await IdAsync() };
        foreach (var verb in (string[])["show", "remind", "recall"])
        {
            var several = (await fixture.RunAsync("notifications", verb, "PR-9")).Is(1, "several notifications of PR-9");
            foreach (var id in ids) Assert.Contains(id, several.Errors, StringComparison.Ordinal);
        }

        (await fixture.RunAsync("notifications", "recall", ids[0])).Is(0, "Recalled: " + ids[0]);

        async Task<string> IdAsync() => (await fixture.RunAsync(send)).Is(0).Json.GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task A_whole_request_comes_from_a_file_or_the_input_and_says_who_was_not_found()
    {
        var body = "{\"event\":\"pr.submitted\",\"subject\":\"PR-7\",\"key\":\"whole-7\",\"recipients\":[{\"email\":\"bob@mica.example\"},{\"email\":\"zoe@mica.example\"}],\"variables\":" + Variables + "}";
        var run = (await fixture.RunAsync(["notifications", "send", "--body", "-"], body)).Is(0, "cards for Bob");
        Assert.Contains("not told: zoe@mica.example (unknown)", run.Errors, StringComparison.Ordinal);
        var again = (await fixture.RunAsync("notifications", "send", "--body", fixture.Write("whole.json", body), "--json")).Is(0);
        Assert.Contains(again.Json.GetProperty("id").GetString()!, run.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("notifications", "send", "--body", "whole.json", "--key", "another")).Is(2, "the file's own \"key\" says whole-7");
    }

    [Theory]
    [InlineData(1, "no such type", "send", "pr.frobnicated", "--to", "bob@mica.example")]
    [InlineData(1, "/variables/amount: ", "send", "pr.submitted", "--to", "bob@mica.example", "--var", "number=PR-1", "--var", "title=x", "--var", "applicant=Alice")]
    [InlineData(1, "/variables/colour", "send", "pr.submitted", "--to", "bob@mica.example", "--vars", "pr.json", "--var", "colour=red")]
    [InlineData(1, "unknown_recipients", "send", "pr.submitted", "--to", "zoe@mica.example", "--vars", "pr.json")]
    [InlineData(2, "no.json", "send", "pr.submitted", "--to", "bob@mica.example", "--vars", "no.json")]
    [InlineData(2, "broken.json is not JSON (line 3", "send", "pr.submitted", "--to", "bob@mica.example", "--vars", "broken.json")]
    [InlineData(2, "broken.json is not JSON (line 3", "send", "--body", "broken.json")]
    [InlineData(2, "twice.json names a member twice", "send", "--body", "twice.json")]
    [InlineData(2, "list.json is no JSON object", "send", "pr.submitted", "--vars", "list.json")]
    [InlineData(2, "/mater: ", "send", "--body", "misspelt.json")]
    [InlineData(2, "--to goes without --body", "send", "--body", "misspelt.json", "--to", "bob")]
    [InlineData(2, "Give TYPE", "send")]
    [InlineData(2, "is no value for --var", "send", "pr.submitted", "--var", "number")]
    [InlineData(2, "of ASCII", "send", "pr.submitted", "--key", "订单")]
    [InlineData(1, "No notification has this id", "show", "nt0000000000000000000000ff")]
    [InlineData(2, "is no notification", "show", "..")]
    [InlineData(1, "there is no notification of PR-none", "show", "PR-none")]
    [InlineData(2, "Name a notification, or --subject", "resolve", "--status", "closed", "--text", "x")]
    [InlineData(1, "No notification of this subject has cards", "resolve", "--subject", "nothing", "--status", "closed", "--text", "x")]
    [InlineData(2, "--limit is", "list", "--limit", "0")]
    [InlineData(1, "There is no notification type of this name", "types", "delete", "nothing.such")]
    public async Task What_is_refused_names_the_field_and_has_its_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("pr.json", Variables);
        fixture.Write("broken.json", "{\n  \"event\": \n");
        fixture.Write("twice.json", """{"event":"a","event":"b"}""");
        fixture.Write("list.json", "[1]");
        fixture.Write("misspelt.json", "{\"event\":\"pr.submitted\",\"recipients\":[{\"email\":\"bob@mica.example\"}],\"mater\":\"PR-1\",\"variables\":" + Variables + "}");
        (await fixture.RunAsync(["notifications", .. arguments])).Is(code, sentence);
    }

    [Fact]
    public async Task A_type_is_looked_at_saved_tried_and_forgotten()
    {
        Assert.Matches(@"(?m)^pr\.submitted +Requisition to approve +yes +auth\.feishu\.notify_on_pr", (await fixture.RunAsync("notifications", "types", "list")).Is(0).Output);
        Assert.True((await fixture.RunAsync("notifications", "types", "list", "--json")).Is(0).Json.GetProperty("items").GetArrayLength() >= 5);
        (await fixture.RunAsync("notifications", "types", "preview", "pr.submitted", "--locale", "en_us", "--vars", fixture.Write("pr.json", Variables))).Is(0, "CNY 98,765.40");

        var type = fixture.Write("visitor.json", """
            {"title":{"zh":"访客到访","en":"A visitor has come"},"quiet_hours":"urgent","recipients":[{"variable":"host"}],
             "variables":{"visitor":{"type":"text","required":true},"host":{"type":"person","required":true}},
             "template":{"strings":{"head":{"zh":"${visitor}到了","en":"${visitor} is here"}},"message":{"title":"${strings.head}","status":"info"}}}
            """);
        (await fixture.RunAsync("notifications", "types", "preview", "visitor.arrived", "--definition", type, "--var", "visitor=Dora", "--var", "host=Carol", "--locale", "en_us")).Is(0, "Dora is here");
        (await fixture.RunAsync("notifications", "types", "put", "visitor.arrived", type)).Is(0, "Saved: visitor.arrived, on");
        (await fixture.RunAsync("notifications", "types", "show", "visitor.arrived")).Is(0, "${visitor} is here");
        (await fixture.RunAsync("notifications", "types", "test", "visitor.arrived", "--to", "alice@mica.example", "--var", "visitor=Dora", "--var", "host=Carol")).Is(0, "cards for Alice");
        (await fixture.RunAsync("notifications", "types", "delete", "visitor.arrived", "--json")).Is(0);
        (await fixture.RunAsync("notifications", "types", "show", "visitor.arrived")).Is(1, "not_found");
        (await fixture.RunAsync("notifications", "types", "put", "visitor.arrived", fixture.Write("bad.json", """{"title":"x","template":{"message":{"title":"${nobody}"}}}"""))).Is(1, "/template");
    }
}

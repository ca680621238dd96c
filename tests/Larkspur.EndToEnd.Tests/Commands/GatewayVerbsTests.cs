using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>The verbs of people, permissions, web chat, quota, schedules and connections, and what can be done with chats and messages.</summary>
public sealed class GatewayVerbsTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private static string Chat => SeededCompany.PurchasingChat;

    [Fact]
    public async Task Quota_and_schedules_are_seen_and_driven()
    {
        (await fixture.RunAsync("quota", "list")).Is(0, "default");
        Assert.Equal("default", (await fixture.RunAsync("quota", "list", "--json")).Is(0).Json.GetProperty("apps")[0].GetProperty("app").GetString());
        (await fixture.RunAsync("quota", "show", "default")).Is(0, "month");
        (await fixture.RunAsync("quota", "show", "defualt")).Is(1, "Did you mean \"default\"?");
        (await fixture.RunAsync("quota", "reset", "default")).Is(0, "Reset: default");
        (await fixture.RunAsync("quota", "reset", "nobody")).Is(1, "larkspur: ");

        var name = (await fixture.RunAsync("schedules", "list", "--json")).Is(0).Json.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString()!).First(n => n == "payments");
        Assert.Matches(@"(?m)^payments +every 2 min ", (await fixture.RunAsync("schedules", "list")).Is(0).Output);
        (await fixture.RunAsync("schedules", "run", name)).Is(0, "Runs: " + name);
        (await fixture.RunAsync("schedules", "run", "nothing")).Is(1, "larkspur: ");
    }

    [Fact]
    public async Task Rules_and_roles_are_made_checked_and_taken_away()
    {
        var (alice, _) = (await KnownAsync("Ann"), await KnownAsync("Ben"));
        (await fixture.RunAsync("permissions", "roles", "put", "finance", "ann")).Is(0, "Saved: finance, 1 person");
        (await fixture.RunAsync("permissions", "roles", "list")).Is(0, alice);
        (await fixture.RunAsync("permissions", "roles", "show", "finance")).Is(0, alice);
        (await fixture.RunAsync("permissions", "roles", "put", "finance", "nobody@mica.example")).Is(1, "nobody is known as nobody@mica.example");

        var rule = fixture.Write("rule.json", """{"name":"help-for-finance","feature":"command.help","effect":"deny","who":{"everybody":true},"note":"closed"}""");
        (await fixture.RunAsync("permissions", "rules", "add", rule)).Is(0, "Added: help-for-finance, deny command.help");
        (await fixture.RunAsync("permissions", "rules", "add", rule)).Is(1, "larkspur: ");
        (await fixture.RunAsync("permissions", "rules", "list")).Is(0, "everybody");
        (await fixture.RunAsync("permissions", "rules", "show", "help-for-finance")).Is(0, "closed");
        (await fixture.RunAsync("permissions", "check", "command.help", "Ben", "--platform", "web")).Is(1, "by the rule help-for-finance");

        fixture.Write("open.json", """{"feature":"command.help","effect":"allow","who":{"roles":["finance"]}}""");
        (await fixture.RunAsync("permissions", "rules", "put", "help-for-finance", "open.json")).Is(0, "Saved: help-for-finance, allow command.help");
        (await fixture.RunAsync("permissions", "rules", "list")).Is(0, "roles finance");
        (await fixture.RunAsync("permissions", "check", "command.help", "Ann", "--platform", "web")).Is(0, "allowed");
        fixture.Write("misspelt.json", """{"feature":"command.help","efect":"allow","who":{"everybody":true}}""");
        (await fixture.RunAsync("permissions", "rules", "put", "help-for-finance", "misspelt.json")).Is(2, "efect");

        (await fixture.RunAsync("permissions", "rules", "delete", "help-for-finance")).Is(0, "Deleted: help-for-finance");
        (await fixture.RunAsync("permissions", "roles", "delete", "finance", "--json")).Is(0, "\"done\":true");
        (await fixture.RunAsync("permissions", "roles", "show", "finance")).Is(1, "larkspur: ");
    }

    /// <summary>Somebody becomes known by a session of the web chat.</summary>
    private async Task<string> KnownAsync(string subject)
    {
        var begun = (await fixture.RunAsync("web-chat", "sessions", "create", "--issuer", "https://intranet.example.com", "--subject", subject, "--name", subject, "--json")).Is(0);
        return begun.Json.GetProperty("session").GetProperty("person").GetString()!;
    }

    [Fact]
    public async Task A_web_chat_session_is_begun_with_its_frame_listed_and_ended()
    {
        var begun = (await fixture.RunAsync("web-chat", "sessions", "create", "--issuer", "https://intranet.example.com", "--subject", "E1001", "--name", "Dora", "--origin", "https://intranet.example.com", "--lifetime", "30m")).Is(0);
        var id = begun.Output.Split("Created: ")[1].Split(',')[0];
        Assert.StartsWith("ws_", id, StringComparison.Ordinal);
        var address = begun.Output.Split("shown this once: ")[1].Split('\n')[0].Trim();
        Assert.Contains($"<iframe src=\"{address}\"", begun.Output, StringComparison.Ordinal);
        var list = (await fixture.RunAsync("web-chat", "sessions", "list")).Is(0, id);
        var shown = (await fixture.RunAsync("web-chat", "sessions", "show", id)).Is(0, "Dora");
        var token = address.Split('#')[1];
        Assert.DoesNotContain(token, list.Output + shown.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("web-chat", "sessions", "revoke", id)).Is(0, "Revoked: " + id);
        (await fixture.RunAsync("web-chat", "sessions", "list")).Is(0);
        Assert.Equal("revoked", (await fixture.RunAsync("web-chat", "sessions", "show", id, "--json")).Is(0).Json.GetProperty("state").GetString());

        // Who had a session is known from then on, and can be locked out.
        var person = (await fixture.RunAsync("people", "list", "Dora", "--json")).Is(0).Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        (await fixture.RunAsync("people", "list", "--platform", "web")).Is(0, person);
        (await fixture.RunAsync("people", "show", "dora")).Is(0, person);
        (await fixture.RunAsync("people", "disable", person)).Is(0, "Disabled: " + person);
        (await fixture.RunAsync("people", "list", "--disabled")).Is(0, "disabled");
        (await fixture.RunAsync("people", "enable", person)).Is(0, "Enabled: " + person);
        (await fixture.RunAsync("people", "merge", person, "--from", person)).Is(1, "larkspur: ");
        (await fixture.RunAsync("people", "unlink", person, "--account", "4242")).Is(1, "larkspur: ");
        (await fixture.RunAsync("people", "unlink", person)).Is(2, "Say what is parted");
        (await fixture.RunAsync("people", "refresh")).Is(0, "Looked up anew");
    }

    [Fact]
    public async Task A_group_is_made_and_its_messages_are_worked_with()
    {
        var alice = (await fixture.RunAsync("people", "lookup", "alice@mica.example", "--json")).Is(0).Json.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString()!;
        var bob = (await fixture.RunAsync("people", "lookup", "bob@mica.example", "--json")).Is(0).Json.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString()!;
        var group = (await fixture.RunAsync("chats", "create", "Order 4711", "--person", alice, "--key", "order-4711", "--json")).Is(0).Json.GetProperty("chat_id").GetString()!;
        (await fixture.RunAsync("chats", "list")).Is(0, "Order 4711");
        (await fixture.RunAsync("chats", "members", "add", group, bob)).Is(0, "Added: 1 of 1");
        (await fixture.RunAsync("chats", "members", "list", group)).Is(0, bob);
        (await fixture.RunAsync("chats", "members", "remove", group, bob)).Is(0, "Removed: 1 of 1");

        var sent = (await fixture.RunAsync("messages", "send", "--chat", group, "--text", "Steel has arrived", "--wait", "--json")).Is(0).Json;
        var (message, number) = (sent.GetProperty("message_id").GetString()!, sent.GetProperty("id").GetInt64().ToString());
        (await fixture.RunAsync("messages", "show", number)).Is(0, message);
        (await fixture.RunAsync("messages", "show", message)).Is(0, "Steel has arrived");
        (await fixture.RunAsync("messages", "change", message, "--text", "Copper has arrived")).Is(0, "Changed: " + message);
        (await fixture.RunAsync("messages", "show", message)).Is(0, "Copper has arrived");
        (await fixture.RunAsync("messages", "forward", message, "--chat", Chat, "--wait")).Is(0, "Sent: om_");
        (await fixture.RunAsync("messages", "pin", message)).Is(0, "Pinned: " + message);
        (await fixture.RunAsync("chats", "pins", "list", group)).Is(0, message);
        (await fixture.RunAsync("messages", "unpin", message)).Is(0, "Unpinned: " + message);
        var reaction = (await fixture.RunAsync("messages", "reactions", "add", message, "DONE", "--json")).Is(0).Json.GetProperty("reaction_id").GetString()!;
        (await fixture.RunAsync("messages", "reactions", "list", message)).Is(0, reaction);
        (await fixture.RunAsync("messages", "reactions", "delete", message, reaction)).Is(0, "Deleted: " + reaction);
        (await fixture.RunAsync("messages", "readers", message)).Is(0);
        (await fixture.RunAsync("messages", "urge", message, alice)).Is(0, "Urged: 1 of 1");
    }

    [Fact]
    public async Task An_image_that_was_sent_is_fetched_once_and_overwrites_nothing()
    {
        File.WriteAllBytes(Path.Combine(fixture.Folder, "chart.png"), SampleFiles.Png);
        var sent = (await fixture.RunAsync("messages", "send", "--chat", Chat, "--image", "chart.png", "--wait", "--json")).Is(0).Json.GetProperty("message_id").GetString()!;
        var shown = (await fixture.RunAsync("messages", "show", sent, "--json")).Is(0).Json.GetProperty("items")[0];
        var key = shown.GetProperty("content").GetProperty("image_key").GetString()!;
        (await fixture.RunAsync("messages", "download", sent, key, "--to", "copy.png")).Is(0, "Downloaded: copy.png");
        Assert.Equal(SampleFiles.Png, File.ReadAllBytes(Path.Combine(fixture.Folder, "copy.png")));
        (await fixture.RunAsync("messages", "download", sent, key, "--to", "copy.png")).Is(2, "is there already");
        (await fixture.RunAsync("messages", "download", sent, "img_v3_nothing", "--to", "none.png")).Is(1, "larkspur: ");
        Assert.False(File.Exists(Path.Combine(fixture.Folder, "none.png")));
    }

    [Fact]
    public async Task A_text_is_streamed_into_a_card()
    {
        var id = (await fixture.RunAsync("streams", "open", "--chat", Chat, "--title", "Report", "--json")).Is(0).Json.GetProperty("id").GetString()!;
        (await fixture.RunAsync("streams", "feed", id, "Good morning. ")).Is(0, "Fed: 14 characters");
        (await fixture.RunAsync(["streams", "feed", id], "订单已到货")).Is(0, "Fed: 19 characters");
        (await fixture.RunAsync("streams", "finish", id, "--footer", "2 sources")).Is(0, "Finished: " + id);
        (await fixture.RunAsync("streams", "show", id)).Is(0, "finished");
        (await fixture.RunAsync("streams", "open")).Is(2, "Say where");
    }

    [Fact]
    public async Task Cards_are_imported_rendered_and_an_app_is_tried_without_its_secret_in_sight()
    {
        fixture.Write("old.json", """{"header":{"title":{"tag":"plain_text","content":"Order 4711"}},"elements":[{"tag":"div","text":{"tag":"lark_md","content":"12 laptops"}}]}""");
        var card = (await fixture.RunAsync("cards", "import", "old.json")).Is(0);
        Assert.Equal("2.0", card.Json.GetProperty("schema").GetString());
        fixture.Write("new.json", card.Output);
        (await fixture.RunAsync("cards", "validate", "new.json")).Is(0, "ok, JSON 2.0");
        fixture.Write("message.json", """{"card_message":{"title":"Order 4711","text":"12 laptops","status":"success"}}""");
        (await fixture.RunAsync("cards", "render", "message.json")).Is(0, "12 laptops");
        (await fixture.RunAsync("cards", "render", "old.json")).Is(2, "larkspur: ");
        (await fixture.RunAsync("cards", "templates", "list")).Is(0);

        fixture.Write("app.secret", EmulatorApp.DefaultApp.AppSecret + "\n");
        var tried = (await fixture.RunAsync("connections", "test", EmulatorApp.DefaultApp.AppId, "--secret-file", "app.secret", "--json")).Json;
        Assert.NotEqual(0, tried.GetProperty("checks").GetArrayLength());
        fixture.Write("wrong.secret", "not-the-secret-of-it-at-all-000000\n");
        var wrong = (await fixture.RunAsync("connections", "test", EmulatorApp.DefaultApp.AppId, "--secret-file", "wrong.secret")).Is(1);
        Assert.DoesNotContain("not-the-secret-of-it", wrong.Output + wrong.Errors, StringComparison.Ordinal);
    }
}

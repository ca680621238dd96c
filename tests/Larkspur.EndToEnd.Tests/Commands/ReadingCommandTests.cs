using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur chats</c> and <c>files</c>.</summary>
public sealed class ReadingCommandTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private static string Chat => SeededCompany.PurchasingChat;

    [Fact]
    public async Task History_goes_over_pages_and_keeps_the_terminal_safe()
    {
        for (var i = 0; i < 55; i++) await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = Chat, text = $"line {i}" });
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = Chat, text = "\u001b[2Jwiped\u202e" });

        var all = (await fixture.RunAsync("chats", "history", Chat, "--from", "2h", "--limit", "1000", "--json")).Is(0);
        Assert.Equal("", all.Errors);
        Assert.Equal(Enumerable.Range(0, 55).Select(i => $"line {i}"), all.Lines.Select(m => m.GetProperty("content").GetProperty("text").GetString()!).Where(t => t.StartsWith("line ", StringComparison.Ordinal)));
        Assert.Equal(all.Lines.Count, all.Lines.Select(m => m.GetProperty("message_id").GetString()).Distinct().Count());

        var newest = (await fixture.RunAsync("chats", "history", Chat, "--order", "desc", "--limit", "2")).Is(0, @"\u001b[2Jwiped\u202e");
        Assert.Contains("line 54", newest.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("line 53", newest.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", newest.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("chats", "history", Chat, "--to", "2020-01-31T09:00:00Z")).Is(0, "None.");
    }

    [Fact]
    public async Task Chats_are_listed_shown_and_their_people_too()
    {
        var list = (await fixture.RunAsync("chats", "list", "--json")).Is(0).Json;
        Assert.False(list.GetProperty("more").GetBoolean());
        Assert.Contains(Chat, list.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("chat_id").GetString()));
        Assert.True((await fixture.RunAsync("chats", "list", "--limit", "1", "--json")).Is(0).Json.GetProperty("more").GetBoolean());
        (await fixture.RunAsync("chats", "list", "--order", "active")).Is(0, Chat);
        (await fixture.RunAsync("chats", "show", Chat)).Is(0, "采购协作群");
        var people = (await fixture.RunAsync("chats", "members", "list", Chat, "--json")).Is(0).Json.GetProperty("items");
        Assert.All(people.EnumerateArray(), p => Assert.StartsWith("ou_", p.GetProperty("open_id").GetString(), StringComparison.Ordinal));
        Assert.Equal(3, people.GetArrayLength());
    }

    [Fact]
    public async Task Files_become_keys()
    {
        var image = (await fixture.RunAsync("files", "upload", fixture.Write("chart.png", SampleFiles.Png))).Is(0);
        Assert.StartsWith("img_", image.Output, StringComparison.Ordinal);
        Assert.Equal("", image.Errors); // no bar: this is no terminal
        var file = (await fixture.RunAsync("files", "upload", "chart.png", "--as", "file", "--json")).Is(0).Json;
        Assert.Equal(("chart.png", "file"), (file.GetProperty("file_name").GetString(), file.GetProperty("send_as").GetString()));
    }

    [Theory]
    [InlineData(1, "10 MB", "files", "upload", "large.png")]
    [InlineData(1, "is no image", "files", "upload", "fake.png")]
    [InlineData(1, "is damaged", "files", "upload", "cut.png")]
    [InlineData(1, "is empty", "files", "upload", "empty.txt")]
    [InlineData(1, "not Opus", "files", "upload", "fake.png", "--as", "audio")]
    [InlineData(2, "there is no file", "files", "upload", "nowhere.png")]
    [InlineData(2, "is a folder", "files", "upload", ".")]
    [InlineData(1, "wrong_id_type", "chats", "history", "ou_1")]
    [InlineData(1, "larkspur: ", "chats", "history", "oc_00000000000000000000000000000000")]
    [InlineData(2, "not a time", "chats", "history", "oc_1", "--from", "yesterday")]
    [InlineData(2, "bad_range", "chats", "history", "oc_1", "--from", "1h", "--to", "2h")]
    [InlineData(2, "--limit is", "chats", "history", "oc_1", "--limit", "0")]
    [InlineData(1, "unknown_app", "chats", "list", "--app", "nobody")]
    public async Task What_does_not_go_is_said_with_its_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("large.png", SampleFiles.LargePng);
        fixture.Write("fake.png", "this is text");
        fixture.Write("cut.png", SampleFiles.Png[..20]);
        fixture.Write("empty.txt", "");
        (await fixture.RunAsync(arguments)).Is(code, sentence);
    }

    [Fact]
    public async Task The_history_of_a_chat_without_the_bot_is_refused()
    {
        var group = await fixture.Emulator.ActAsync(new { @as = "carol", @do = "create_group", name = "without the bot", people = new[] { "bob" }, bots = Array.Empty<string>() });
        (await fixture.RunAsync("chats", "history", group["chat_id"]!.GetValue<string>())).Is(1, "bot_not_in_chat");
    }
}

using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur messages send</c>, <c>reply</c> and <c>recall</c>.</summary>
public sealed class SendCommandTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    private static string Chat => SeededCompany.PurchasingChat;

    [Fact]
    public async Task A_message_is_sent_once_under_its_key_answered_and_taken_back()
    {
        var sent = (await fixture.RunAsync("messages", "send", "--chat", Chat, "--text", "Order 4711 has arrived", "--key", "order-4711", "--wait", "--json")).Is(0);
        Assert.Equal("", sent.Errors);
        Assert.Equal("sent", sent.Json.GetProperty("state").GetString());
        var id = sent.Json.GetProperty("message_id").GetString()!;

        (await fixture.RunAsync("messages", "send", "--chat", Chat, "--text", "Order 4711 has arrived", "--key", "order-4711", "--wait")).Is(0, $"Sent: {id}");
        (await fixture.RunAsync("messages", "send", "--chat", Chat, "--text", "another", "--key", "order-4711")).Is(1, "key_in_use");

        var reply = (await fixture.RunAsync("messages", "reply", id, "--text", "Seen", "--thread", "--wait", "--json")).Is(0);
        var answer = await fixture.Emulator.WaitForMessageAsync("message_id=" + reply.Json.GetProperty("message_id").GetString());
        Assert.Contains("Seen", answer.ToJsonString(), StringComparison.Ordinal);

        (await fixture.RunAsync("messages", "recall", id)).Is(0, $"Recalled: {id}");
        (await fixture.RunAsync("messages", "recall", id)).Is(1, "larkspur: ");
    }

    [Fact]
    public async Task Cards_images_and_posts_are_sent_from_files_and_from_the_input()
    {
        var card = (await Cli.RunAsync(["messages", "send", "--chat", Chat, "--card", "-", "--wait", "--json"], fixture.Folder, fixture.Gateway.Address.ToString(), input: SampleFiles.Card)).Is(0);
        Assert.Equal(("sent", "interactive"), (card.Json.GetProperty("state").GetString(), card.Json.GetProperty("msg_type").GetString()));
        var image = (await fixture.RunAsync("messages", "send", "--chat", Chat, "--image", fixture.Write("chart.png", SampleFiles.Png), "--wait", "--json")).Is(0);
        Assert.Equal(("sent", "image"), (image.Json.GetProperty("state").GetString(), image.Json.GetProperty("msg_type").GetString()));
        var post = fixture.Write("post.json", """{"en_us":{"title":"News","content":[[{"tag":"text","text":"of the week"}]]}}""");
        (await fixture.RunAsync("messages", "send", "--person", "alice", "--post", post, "--wait")).Is(0, "Sent: om_");
        (await fixture.RunAsync("messages", "send", "--chat", Chat, "--file", fixture.Write("offer.txt", "an offer"), "--bulk")).Is(0, "Queued: message ");
    }

    [Fact]
    public async Task What_the_platform_gives_up_is_told_with_its_reason()
    {
        var lost = (await fixture.RunAsync("messages", "send", "--chat", "oc_00000000000000000000000000000000", "--text", "anybody?", "--wait", "--json")).Is(1, "larkspur: message");
        Assert.Equal("failed", lost.Json.GetProperty("state").GetString());
        Assert.Contains("is failed: ", lost.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "not an open_id", "messages", "send", "--person", "oc_1", "--text", "x")]
    [InlineData(1, "no mail address", "messages", "send", "--email", "bob", "--text", "x")]
    [InlineData(2, "one of --chat, --person, --email", "messages", "send", "--text", "x")]
    [InlineData(2, "Say one thing", "messages", "send", "--chat", "oc_1", "--text", "x", "--card", "card.json")]
    [InlineData(2, "there is no file nowhere.json", "messages", "send", "--chat", "oc_1", "--card", "nowhere.json")]
    [InlineData(2, "is no variable", "messages", "send", "--chat", "oc_1", "--template", "AAq1", "--var", "name")]
    [InlineData(2, "not JSON", "messages", "send", "--chat", "oc_1", "--post", "words.json")]
    [InlineData(1, "JSON", "messages", "send", "--chat", "oc_1", "--card", "words.json")]
    [InlineData(1, "card_too_large", "messages", "send", "--chat", "oc_1", "--card", "large.json")]
    [InlineData(1, "/body/elements/0", "messages", "send", "--chat", "oc_1", "--card", "bad.json")]
    [InlineData(1, "is no image", "messages", "send", "--chat", "oc_1", "--image", "fake.png")]
    public async Task What_cannot_be_sent_is_said_with_its_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("words.json", "no JSON at all");
        fixture.Write("large.json", SampleFiles.LargeCard);
        fixture.Write("bad.json", SampleFiles.BadCard);
        fixture.Write("fake.png", "this is text");
        (await fixture.RunAsync(arguments)).Is(code, sentence);
    }

    [Fact]
    public async Task Anothers_message_is_not_taken_back()
    {
        var said = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = Chat, text = "mine" });
        (await fixture.RunAsync("messages", "recall", said["message_id"]!.GetValue<string>())).Is(1, "not_own_message");
    }

    [Fact]
    public async Task Nobody_there_and_a_wrong_key_are_said_apart()
    {
        string[] send = ["messages", "send", "--chat", "oc_1", "--text", "x", "--key", "mine"];
        var nobody = (await Cli.RunAsync(send, fixture.Folder, GatewayProcess.FreeAddress().ToString())).Is(3, "cannot be reached");
        Assert.Contains("--key mine", nobody.Errors, StringComparison.Ordinal);
        (await Cli.RunAsync(send, fixture.Folder, fixture.Gateway.Address.ToString(), key: "a-wrong-key-0123456789")).Is(3, "does not take this LARKSPUR_API_KEY");
    }
}

using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Pictures and files that come without a word: the bot asks what about, and the next question takes them along.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WaitingFileTests
{
    private const string Asked = "Got the picture. What would you like to know about it? (I keep it for 5 min.)";

    [Fact]
    public async Task A_picture_alone_waits_and_the_next_question_takes_it_along()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var png = SentFiles.Png(5000);
        await SendAsync(fixture, png);
        await fixture.UntilAsync(m => m.Content.Contains(Asked, StringComparison.Ordinal));
        Assert.Empty(SentFiles.Asked(fixture.Emulator));
        Assert.Equal(0, await CountAsync(fixture, "assistant_turn"));

        await fixture.SayAsync("Whose is it?");
        await fixture.AnswerAsync("**Whose is it?** (with 1 file)");
        Assert.Equal(SentFiles.Hash(png), Assert.Single(Assert.Single(SentFiles.Asked(fixture.Emulator)).Files).Upload!.Sha256);

        // It was asked about; the next question is one of words.
        await fixture.SayAsync("Thank you, and the budget?");
        await fixture.AnswerAsync("**Thank you, and the budget?**.");
    }

    [Fact]
    public async Task Several_that_come_together_are_asked_about_once_and_go_with_one_question()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        byte[][] pictures = [SentFiles.Png(100), SentFiles.Png(200), SentFiles.Png(300)];
        foreach (var png in pictures) await SendAsync(fixture, png);
        await fixture.SayAsync("Which is ours?");
        await fixture.AnswerAsync("**Which is ours?** (with 3 files)");
        Assert.Equal(pictures.Select(SentFiles.Hash), Assert.Single(SentFiles.Asked(fixture.Emulator)).Files.Select(f => f.Upload!.Sha256));
        Assert.Single(fixture.Sent(), m => m.Content.Contains("What would you like to know", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_delivered_twice_waits_once_and_is_asked_about_once()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.FaultAsync(new { @event = "im.message.receive_v1", reply = "duplicate", count = 1 });
        await SendAsync(fixture, SentFiles.Png());
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_ingress_duplicates_total");
        await fixture.SayAsync("Whose is it?");
        await fixture.AnswerAsync("**Whose is it?** (with 1 file)");
        Assert.Single(fixture.Sent(), m => m.Content.Contains("What would you like to know", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_group_nobody_asks_about_anothers_picture()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var sent = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "image", base64 = SentFiles.Base64(SentFiles.Png()), name = "a.png" });
        var key = System.Text.Json.JsonDocument.Parse(fixture.Emulator.State.Message(sent["message_id"]!.GetValue<string>())!.Content).RootElement.GetProperty("image_key").GetString()!;
        await fixture.UntilAsync(m => m.Content.Contains(Asked, StringComparison.Ordinal));
        await fixture.Emulator.ActAsync(new
        {
            @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, msg_type = "post",
            content = new { zh_cn = new { title = "", content = (object[])[(object[])[new { tag = "at", user_id = EmulatorApp.AppId }], (object[])[new { tag = "img", image_key = key }]] } },
        });
        await fixture.HoldsAsync(() => Group(fixture).Any(m => m.Content.Contains("Got the picture", StringComparison.Ordinal)), "what is asked about the picture in the group");

        // What waits in private is not the group's either: Bob has nothing, and Alice one in each place.
        await AskInGroupAsync(fixture, "bob", "And whose is this?");
        Assert.Empty(SentFiles.Asked(fixture.Emulator).Single(m => m.Query == "And whose is this?").Files);
        await AskInGroupAsync(fixture, "alice", "Whose is it?");
        Assert.Single(SentFiles.Asked(fixture.Emulator).Single(m => m.Query == "Whose is it?").Files);
        await fixture.SayAsync("And this one?");
        await fixture.AnswerAsync("**And this one?** (with 1 file)");
    }

    [Fact]
    public async Task Beginning_afresh_drops_what_waits()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        foreach (var command in (string[])["/new", "/stop"])
        {
            await SendAsync(fixture, SentFiles.Png());
            await fixture.HoldsAsync(async () => await CountAsync(fixture, "assistant_waiting_file WHERE taken_by IS NULL") == 1);
            await fixture.SayAsync(command);
            await fixture.HoldsAsync(async () => await CountAsync(fixture, "assistant_waiting_file WHERE taken_by IS NULL") == 0);
        }

        await fixture.UntilAsync(m => m.Content.Contains("Stopping.", StringComparison.Ordinal));
        await fixture.SayAsync("Whose is it?");
        await fixture.AnswerAsync("**Whose is it?**.");
    }

    [Fact]
    public async Task A_picture_that_one_process_took_goes_with_the_question_that_another_one_takes()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await SendAsync(fixture, SentFiles.Png());
        await fixture.UntilAsync(m => m.Content.Contains(Asked, StringComparison.Ordinal));
        await fixture.RestartAsync();
        await fixture.SayAsync("Whose is it?");
        await fixture.AnswerAsync("**Whose is it?** (with 1 file)");
    }

    [Fact]
    public async Task What_waits_of_a_person_whose_account_is_taken_off_is_dropped()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await SendAsync(fixture, SentFiles.Png());
        await fixture.HoldsAsync(async () => await CountAsync(fixture, "assistant_waiting_file") == 1);
        var person = (await fixture.RowsAsync("SELECT person FROM assistant_waiting_file", row => row.GetString(0)))[0];
        // Another account is theirs for a while.
        var other = await fixture.Gateway.GetOrCreateAsync(IdentityFixture.OnDingTalk("alice"));
        await fixture.Gateway.People().MergeAsync(new("system"), other.Id, person, TestContext.Current.CancellationToken);
        var account = (await fixture.Gateway.FindAsync(person))!.Accounts.Single(a => a.Platform == "dingtalk");
        await fixture.Gateway.People().UnlinkAsync(new("system"), person, account.Id, TestContext.Current.CancellationToken);
        Assert.Equal(0, await CountAsync(fixture, "assistant_waiting_file"));
    }

    [Fact]
    public async Task What_a_route_does_not_take_does_not_wait()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ =>
        [
            new("Larkspur:Assistant:Routes:0:Name", "default"), new("Larkspur:Assistant:Routes:0:Backend", "default"), new("Larkspur:Assistant:Routes:0:Attachments", "false"),
        ]);
        await SendAsync(fixture, SentFiles.Png());
        await fixture.UntilAsync(m => m.Card?.Json.Contains("files are not passed on to this assistant", StringComparison.Ordinal) == true);
        Assert.Equal(0, await CountAsync(fixture, "assistant_waiting_file"));
    }

    private static Task SendAsync(AssistantFixture fixture, byte[] png) =>
        fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });

    private static async Task AskInGroupAsync(AssistantFixture fixture, string who, string text)
    {
        await fixture.Emulator.ActAsync(new { @as = who, @do = "send", chat = SeededCompany.PurchasingChat, text = "@Larkspur 助手 " + text });
        await fixture.HoldsAsync(() => SentFiles.Asked(fixture.Emulator).Any(m => m.Query == text), text);
    }

    private static IEnumerable<Message> Group(AssistantFixture fixture) =>
        fixture.Emulator.State.Messages(SeededCompany.PurchasingChat).Where(m => m.SenderKind == SenderKind.App);

    private static async Task<long> CountAsync(AssistantFixture fixture, string of) =>
        (await fixture.RowsAsync($"SELECT COUNT(*) FROM {of}", r => r.GetInt64(0)))[0];
}

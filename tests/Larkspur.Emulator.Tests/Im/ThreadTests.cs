using Larkspur.Emulator.State;

namespace Larkspur.Emulator.Tests.Im;

public sealed class ThreadTests : ImTest
{
    [Fact]
    public async Task A_reply_in_thread_makes_the_answered_message_the_threads_first()
    {
        var root = await SentAsync(SeededCompany.PurchasingChat, "root");
        var first = await ReplyAsync(root, inThread: true, text: "first");
        var thread = first.Data["thread_id"]!.GetValue<string>();
        Assert.StartsWith("omt_", thread, StringComparison.Ordinal);
        Assert.Equal(thread, Stored(root).ThreadId);
        // An answer to an answer stays in the thread, and answers its first message.
        var second = await ReplyAsync(Id(first), text: "second");
        Assert.Equal((thread, root, root), (second.Data["thread_id"]!.GetValue<string>(), second.Data["root_id"]!.GetValue<string>(), second.Data["parent_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_chats_history_has_a_threads_first_message_only()
    {
        var root = await SentAsync(SeededCompany.PurchasingChat, "root");
        var thread = (await ReplyAsync(root, inThread: true, text: "inside")).Data["thread_id"]!.GetValue<string>();
        await ReplyAsync(root, text: "inside too");
        await SentAsync(SeededCompany.PurchasingChat, "outside");
        Assert.Equal(["root", "outside"], Texts(await CallAsync(HttpMethod.Get, $"messages?container_id_type=chat&container_id={SeededCompany.PurchasingChat}")));
        Assert.Equal(["root", "inside", "inside too"], Texts(await CallAsync(HttpMethod.Get, $"messages?container_id_type=thread&container_id={thread}&start_time=4000000000")));
        Assert.Equal(230073, (await CallAsync(HttpMethod.Get, "messages?container_id_type=thread&container_id=omt_none")).Code);
    }

    [Fact]
    public async Task A_plain_reply_makes_no_thread()
    {
        var root = await SentAsync(SeededCompany.PurchasingChat);
        Assert.Null((await ReplyAsync(root)).Data["thread_id"]);
        Assert.Null(Stored(root).ThreadId);
    }

    [Fact]
    public async Task In_a_topic_group_every_message_begins_a_thread()
    {
        var group = await GroupAsync(new { group_message_type = "thread" }, "alice");
        var message = await SendAsync(group, "text", new { text = "topic" });
        Assert.StartsWith("omt_", message.Data["thread_id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(message.Data["thread_id"]!.GetValue<string>(), (await ReplyAsync(Id(message))).Data["thread_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task History_is_cut_by_seconds_and_pages_of_50_at_most()
    {
        await SentAsync(SeededCompany.PurchasingChat, "early");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(100));
        var from = Emulator.State.Clock.GetUtcNow().ToUnixTimeSeconds();
        await SentAsync(SeededCompany.PurchasingChat, "late");
        var path = $"messages?container_id_type=chat&container_id={SeededCompany.PurchasingChat}";
        Assert.Equal(["late"], Texts(await CallAsync(HttpMethod.Get, $"{path}&start_time={from}")));
        Assert.Equal(["early"], Texts(await CallAsync(HttpMethod.Get, $"{path}&end_time={from - 1}")));
        Assert.Equal(99992402, (await CallAsync(HttpMethod.Get, path + "&page_size=51")).Code);
        Assert.Equal(230001, (await CallAsync(HttpMethod.Get, path + "&page_token=nonsense")).Code);
        Assert.Equal(230001, (await CallAsync(HttpMethod.Get, path + "&start_time=yesterday")).Code);
    }

    [Fact]
    public async Task History_of_a_chat_without_the_bot_is_230002()
    {
        var group = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(230002, (await CallAsync(HttpMethod.Get, $"messages?container_id_type=chat&container_id={group}")).Code);
    }
}

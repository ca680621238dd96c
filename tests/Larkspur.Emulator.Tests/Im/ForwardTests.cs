using Larkspur.Emulator.State;

namespace Larkspur.Emulator.Tests.Im;

public sealed class ForwardTests : ImTest
{
    [Fact]
    public async Task A_message_is_forwarded_to_people_chats_and_threads_once_per_uuid()
    {
        var image = await UploadAsync("message");
        var original = Id(await SendAsync("alice", "image", new { image_key = image }));
        var toPerson = await ForwardAsync(original, "user_id", "bob", "u1");
        Assert.Equal((0L, "image"), (toPerson.Code, toPerson.Data["msg_type"]!.GetValue<string>()));
        Assert.Equal(Id(toPerson), Id(await ForwardAsync(original, "user_id", "bob", "u1")));
        Assert.Equal(0, (await ForwardAsync(original, "chat_id", SeededCompany.FinanceChat)).Code);
        var root = await SentAsync(SeededCompany.PurchasingChat);
        var thread = (await ReplyAsync(root, inThread: true)).Data["thread_id"]!.GetValue<string>();
        var inThread = await ForwardAsync(original, "thread_id", thread);
        Assert.Equal((thread, root), (inThread.Data["thread_id"]!.GetValue<string>(), inThread.Data["root_id"]!.GetValue<string>()));
        // The bot may fetch the picture out of the copy.
        Assert.Equal(200, (await CallAsync(HttpMethod.Get, $"messages/{Id(toPerson)}/resources/{image}?type=image")).Status);
    }

    [Fact]
    public async Task Forwards_that_cannot_be_say_why()
    {
        var message = await SentAsync("alice");
        Assert.Equal(230019, (await ForwardAsync(message, "thread_id", "omt_none")).Code);
        Assert.Equal(230034, (await ForwardAsync(message, "chat_id", "oc_none")).Code);
        var closed = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();
        Assert.Equal(230002, (await ForwardAsync(message, "chat_id", closed)).Code);
        var divider = Id(await SendAsync("alice", "system", """{"type":"divider","params":{"divider_text":{"text":"New"}}}"""));
        Assert.Equal(230061, (await ForwardAsync(divider, "user_id", "bob")).Code);
        await CallAsync(HttpMethod.Delete, "messages/" + message);
        Assert.Equal(230065, (await ForwardAsync(message, "user_id", "bob")).Code);
        var restricted = await GroupAsync(new { restricted_mode_setting = new { status = true, message_has_permission_setting = "not_anyone", download_has_permission_setting = "not_anyone" } }, "alice");
        Assert.Equal(230070, (await ForwardAsync(await SentAsync(restricted), "user_id", "bob")).Code);
        var image = await UploadAsync("message");
        Assert.Equal(234038, (await CallAsync(HttpMethod.Get, $"messages/{Id(await SendAsync(restricted, "image", new { image_key = image }))}/resources/{image}?type=image")).Code);
    }

    [Fact]
    public async Task A_merged_forward_carries_its_messages_and_names_those_left_out()
    {
        var (one, two) = (await SentAsync(SeededCompany.PurchasingChat, "one"), await SentAsync(SeededCompany.PurchasingChat, "two"));
        var merged = await MergeAsync("bob", two, one, "om_unknown");
        Assert.Equal(["om_unknown"], merged.Data["invalid_message_id_list"]!.AsArray().Select(i => i!.GetValue<string>()));
        var id = merged.Data["message"]!["message_id"]!.GetValue<string>();
        Assert.Equal("merge_forward", merged.Data["message"]!["msg_type"]!.GetValue<string>());
        var items = (await CallAsync(HttpMethod.Get, "messages/" + id)).Data["items"]!.AsArray();
        Assert.Equal("Merged and Forwarded Message", items[0]!["body"]!["content"]!.GetValue<string>());
        Assert.Equal(["one", "two"], items.Skip(1).Select(m => Content(m!)["text"]!.GetValue<string>()));
        Assert.All(items.Skip(1), m => Assert.Equal(id, m!["upper_message_id"]!.GetValue<string>()));
        Assert.Equal(234043, (await CallAsync(HttpMethod.Get, $"messages/{id}/resources/img_v3_x?type=image")).Code);
        // A merged forward within a merged forward: its children stay below it.
        var outer = (await MergeAsync("carol", id)).Data["message"]!["message_id"]!.GetValue<string>();
        var nested = (await CallAsync(HttpMethod.Get, "messages/" + outer)).Data["items"]!.AsArray();
        Assert.Equal(4, nested.Count);
        Assert.Equal(230072, (await ReplyAsync(outer, inThread: true)).Code);
    }

    [Fact]
    public async Task Merging_needs_good_messages_of_one_chat()
    {
        var here = await SentAsync(SeededCompany.PurchasingChat);
        Assert.Equal(230069, (await MergeAsync("bob", here, await SentAsync(SeededCompany.FinanceChat))).Code);
        Assert.Equal(230064, (await MergeAsync("bob", "om_unknown")).Code);
        await CallAsync(HttpMethod.Delete, "messages/" + here);
        Assert.Equal(230065, (await MergeAsync("bob", here)).Code);
    }

    [Fact]
    public async Task A_thread_is_forwarded_as_a_merged_forward()
    {
        var root = await SentAsync(SeededCompany.PurchasingChat, "root");
        var thread = (await ReplyAsync(root, inThread: true)).Data["thread_id"]!.GetValue<string>();
        var reply = await CallAsync(HttpMethod.Post, $"threads/{thread}/forward?receive_id_type=user_id", new { receive_id = "bob" });
        Assert.Equal((0L, "merge_forward"), (reply.Code, reply.Data["msg_type"]!.GetValue<string>()));
        Assert.Equal(2, Stored(Id(reply)).Forwarded.Length);
        Assert.Equal(230064, (await CallAsync(HttpMethod.Post, "threads/omt_none/forward?receive_id_type=user_id", new { receive_id = "bob" })).Code);
    }

    private Task<Larkspur.Testing.ApiReply> ForwardAsync(string message, string type, string receiver, string uuid = "") =>
        CallAsync(HttpMethod.Post, $"messages/{message}/forward?receive_id_type={type}&uuid={uuid}", new { receive_id = receiver });

    private Task<Larkspur.Testing.ApiReply> MergeAsync(string receiver, params string[] messages) =>
        CallAsync(HttpMethod.Post, "messages/merge_forward?receive_id_type=user_id", new { receive_id = receiver, message_id_list = messages });
}

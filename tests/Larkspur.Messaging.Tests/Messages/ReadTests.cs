using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class ReadTests : EmulatorTests
{
    [Fact]
    public async Task A_history_is_read_to_its_end_in_both_orders()
    {
        for (int i = 0; i < 7; i++) await SayAsync($"m{i}");
        HistoryQuery query = HistoryQuery.OfChat(Purchasing) with { PageSize = 3 };
        string[] forward = [.. (await ListAsync(Feishu.Messages.HistoryAsync(query, cancellationToken: Stop))).Select(m => m.Content.PlainText).Where(t => t.StartsWith('m'))];
        string[] backward = [.. (await ListAsync(Feishu.Messages.HistoryAsync(query with { NewestFirst = true }, cancellationToken: Stop))).Select(m => m.Content.PlainText).Where(t => t.StartsWith('m'))];
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5", "m6"], forward);
        Assert.Equal(forward.Reverse(), backward);
    }

    [Fact]
    public async Task A_reading_goes_on_where_it_ended()
    {
        for (int i = 0; i < 5; i++) await SayAsync($"m{i}");
        HistoryQuery query = HistoryQuery.OfChat(Purchasing) with { PageSize = 2, NewestFirst = true };
        HistoryPage? first = null;
        await foreach (HistoryPage page in Feishu.Messages.HistoryPagesAsync(query, cancellationToken: Stop))
        {
            first = page;
            break;
        }

        Assert.Equal(["m4", "m3"], first!.Messages.Select(m => m.Content.PlainText));
        List<ChatMessage> rest = await ListAsync(Feishu.Messages.HistoryAsync(query with { PageToken = first.NextPageToken }, cancellationToken: Stop));
        Assert.Equal(["m2", "m1", "m0"], rest.Select(m => m.Content.PlainText).Take(3));
    }

    [Fact]
    public async Task A_time_range_is_kept_to_the_millisecond()
    {
        ChatMessage before = await SayAsync("before");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(90.25));
        ChatMessage within = await SayAsync("within");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(0.25));
        await SayAsync("after");
        HistoryQuery query = HistoryQuery.OfChat(Purchasing) with { From = before.CreatedAt!.Value.AddMilliseconds(1), To = within.CreatedAt };
        Assert.Equal(["within"], (await ListAsync(Feishu.Messages.HistoryAsync(query, cancellationToken: Stop))).Select(m => m.Content.PlainText));
    }

    [Fact]
    public async Task History_of_a_chat_the_bot_is_not_in_is_explained()
    {
        string strange = await StrangeGroupAsync();
        FeishuApiException refused = await RefusedAsync(ListAsync(Feishu.Messages.HistoryAsync(HistoryQuery.OfChat(strange), cancellationToken: Stop)));
        Assert.Equal((230002, FailureKind.Permission), (refused.Code, refused.FailureKind));
        Assert.Contains("Add it to the chat", refused.Explanation!.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_that_cannot_be_asked_is_an_error_before_the_call()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        Assert.Throws<ArgumentOutOfRangeException>(() => Feishu.Messages.HistoryAsync(HistoryQuery.OfChat("oc_1") with { PageSize = 51 }));
        Assert.Throws<ArgumentException>(() => Feishu.Messages.HistoryAsync(HistoryQuery.OfChat("oc_1") with { From = now.AddDays(1), To = now }));
        Assert.Throws<ArgumentException>(() => Feishu.Messages.HistoryAsync(HistoryQuery.OfThread("omt_1") with { From = now }));
        Assert.Throws<RecipientException>(() => HistoryQuery.OfChat("omt_1"));
    }

    [Fact]
    public async Task Readers_are_told_for_seven_days()
    {
        ChatMessage sent = await SayAsync("read me");
        await Emulator.ActAsync(new { @as = "bob", @do = "read", chat = Purchasing });
        MessageReader reader = Assert.Single(await ListAsync(Feishu.Messages.ReadersAsync(sent.MessageId, cancellationToken: Stop)));
        Assert.Equal(Open("bob"), reader.UserId);
        Assert.NotNull(reader.ReadAt);
        Assert.Equal(230012, (await RefusedAsync(ListAsync(Feishu.Messages.ReadersAsync(await PersonSaysAsync("alice", "mine"), cancellationToken: Stop)))).Code);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(7.1));
        Assert.Equal(230033, (await RefusedAsync(ListAsync(Feishu.Messages.ReadersAsync(sent.MessageId, cancellationToken: Stop)))).Code);
    }

    [Fact]
    public async Task Reactions_come_and_go()
    {
        ChatMessage sent = await SayAsync("nice");
        MessageReaction mine = await Feishu.Messages.ReactAsync(sent.MessageId, "SMILE", cancellationToken: Stop);
        await Emulator.ActAsync(new { @as = "bob", @do = "react", message_id = sent.MessageId, emoji = "OK" });
        List<MessageReaction> all = await ListAsync(Feishu.Messages.ReactionsAsync(sent.MessageId, cancellationToken: Stop));
        Assert.Equal([("SMILE", EmulatorApp.AppId, "app"), ("OK", Open("bob"), "user")], all.Select(r => (r.EmojiType, r.OperatorId, r.OperatorType)));
        Assert.Single(await ListAsync(Feishu.Messages.ReactionsAsync(sent.MessageId, "OK", cancellationToken: Stop)));
        Assert.Equal(231007, (await RefusedAsync(Feishu.Messages.UnreactAsync(sent.MessageId, all[1].ReactionId, cancellationToken: Stop))).Code);
        await Feishu.Messages.UnreactAsync(sent.MessageId, mine.ReactionId, cancellationToken: Stop);
        Assert.Single(await ListAsync(Feishu.Messages.ReactionsAsync(sent.MessageId, cancellationToken: Stop)));
        Assert.Equal(231001, (await RefusedAsync(Feishu.Messages.ReactAsync(sent.MessageId, "NOSUCHFACE", cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task Messages_are_pinned_and_urged()
    {
        ChatMessage sent = await SayAsync("important");
        MessagePin pin = await Feishu.Messages.PinAsync(sent.MessageId, cancellationToken: Stop);
        Assert.Equal((sent.MessageId, Purchasing), (pin.MessageId, pin.ChatId));
        Assert.Single(await ListAsync(Feishu.Messages.PinsAsync(Purchasing, from: pin.At, cancellationToken: Stop)));
        await Feishu.Messages.UnpinAsync(sent.MessageId, cancellationToken: Stop);
        Assert.Empty(await ListAsync(Feishu.Messages.PinsAsync(Purchasing, cancellationToken: Stop)));

        foreach (UrgentWay way in Enum.GetValues<UrgentWay>()) Assert.Empty(await Feishu.Messages.UrgeAsync(sent.MessageId, way, [Open("bob")], cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Messages.UrgeAsync(sent.MessageId, UrgentWay.App, [], cancellationToken: Stop));
    }

    [Fact]
    public async Task Suggestions_stand_under_the_newest_message_of_a_conversation()
    {
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.UserId("alice"), MessageContent.Text("how?"), cancellationToken: Stop);
        await Feishu.Messages.FollowUpsAsync(sent.MessageId, [new("Fine", new Dictionary<string, string> { ["zh_cn"] = "好" }), new("Bad")], cancellationToken: Stop);
        await Assert.ThrowsAsync<MessageContentException>(() => Feishu.Messages.FollowUpsAsync(sent.MessageId, [], cancellationToken: Stop));
        await Assert.ThrowsAsync<MessageContentException>(() => Feishu.Messages.FollowUpsAsync(sent.MessageId, [new(new string('x', 201))], cancellationToken: Stop));
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.FollowUpsAsync((await SayAsync("group")).MessageId, [new("x")], cancellationToken: Stop));
        Assert.Equal(230003, refused.Code);
        Assert.Contains("one-to-one", refused.Explanation!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_messages_are_downloaded()
    {
        byte[] bytes = [1, 2, 3, 4];
        string key = await Feishu.Uploads.FileAsync(new MemoryStream(bytes), "报表.bin", cancellationToken: Stop);
        ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), MessageContent.File(key), cancellationToken: Stop);
        var file = Assert.IsType<ReceivedFile>((await Feishu.Messages.GetAsync(sent.MessageId, cancellationToken: Stop)).Content);
        Assert.Equal("报表.bin", file.FileName);
        await using FeishuDownload download = await Feishu.Messages.DownloadResourceAsync(sent.MessageId, file.FileKey, ResourceType.File, cancellationToken: Stop);
        using var copy = new MemoryStream();
        await download.Content.CopyToAsync(copy, Stop);
        Assert.Equal(bytes, copy.ToArray());
        ChatMessage other = await SayAsync("no file here");
        Assert.Equal(234003, (await RefusedAsync(Feishu.Messages.DownloadResourceAsync(other.MessageId, key, ResourceType.File, cancellationToken: Stop))).Code);
    }
}

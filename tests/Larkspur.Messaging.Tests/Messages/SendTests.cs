using Larkspur.Feishu;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class SendTests : EmulatorTests
{
    [Fact]
    public async Task Every_kind_of_receiver_gets_it()
    {
        Recipient[] receivers = [Recipient.Chat(Purchasing), Recipient.OpenId(Open("alice")), Recipient.UserId("alice"), Recipient.UnionId(Emulator.State.Person("alice")!.UnionId), Recipient.Email("alice@mica.example")];
        foreach (Recipient to in receivers)
        {
            ChatMessage sent = await Feishu.Messages.SendAsync(to, MessageContent.Text("hello"), cancellationToken: Stop);
            Assert.StartsWith("om_", sent.MessageId, StringComparison.Ordinal);
            Assert.Equal(("text", "hello", EmulatorApp.AppId, "app"), (sent.Type, sent.Content.PlainText, sent.Sender.Id, sent.Sender.Type));
            Assert.NotNull(sent.CreatedAt);
        }
    }

    [Fact]
    public async Task Mentions_reach_people_and_what_people_wrote_does_not()
    {
        ChatMessage sent = await Feishu.Messages.SendAsync(
            Recipient.Chat(Purchasing), MessageContent.Text(t => t.Mention(Open("bob"), "Bob").Text($" <at user_id=\"{Open("carol")}\">x</at>")), cancellationToken: Stop);
        ChatMessage read = await Feishu.Messages.GetAsync(sent.MessageId, cancellationToken: Stop);
        Assert.Equal([Open("bob")], read.Mentions.Select(m => m.Id));
    }

    [Fact]
    public async Task All_types_are_taken()
    {
        string image = await Feishu.Uploads.ImageAsync(new MemoryStream(Files.Png(2, 2)), cancellationToken: Stop);
        string file = await Feishu.Uploads.FileAsync(new MemoryStream([1, 2, 3]), "a.bin", cancellationToken: Stop);
        string sound = await Feishu.Uploads.AudioAsync(new MemoryStream(Files.Opus()), "a.opus", TimeSpan.FromSeconds(2), cancellationToken: Stop);
        string video = await Feishu.Uploads.MediaAsync(new MemoryStream(Files.Mp4()), "a.mp4", cancellationToken: Stop);
        MessageContent[] contents =
        [
            MessageContent.Post(p => p.Chinese("题", b => b.Paragraph(l => l.Text("a", PostStyle.Bold).Link("e", "https://e.example").MentionAll().Emotion("SMILE")).Image(image).Media(video, image).Rule().Code("x", "GO").Markdown("**m**")).English("T", b => b.Paragraph("b"))),
            MessageContent.Image(image),
            MessageContent.File(file),
            MessageContent.Audio(sound),
            MessageContent.Media(video, image),
            MessageContent.ShareChat(Purchasing),
            MessageContent.ShareUser(Open("bob")),
            MessageContent.Card("""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"hi"}]}}"""),
            MessageContent.Card(new CardBuilder().Markdown("built")),
            MessageContent.Card("""{"elements":[{"tag":"markdown","content":"hi"}]}"""),
        ];
        foreach (MessageContent content in contents)
        {
            ChatMessage sent = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), content, cancellationToken: Stop);
            ChatMessage read = await Feishu.Messages.GetAsync(sent.MessageId, cancellationToken: Stop);
            Assert.Equal(content.Type.Value, read.Type);
            Assert.IsNotType<ReceivedUnknown>(read.Content);
        }

        ChatMessage divider = await Feishu.Messages.SendAsync(Recipient.OpenId(Open("alice")), MessageContent.Divider("New"), cancellationToken: Stop);
        ReceivedContent line = (await Feishu.Messages.GetAsync(divider.MessageId, cancellationToken: Stop)).Content;
        Assert.True(line.PlainText == "New", line.Raw);
    }

    [Fact]
    public async Task One_key_makes_one_message_and_without_one_the_answer_may_be_lost()
    {
        ChatMessage first = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), MessageContent.Text("once"), "key-1", cancellationToken: Stop);
        ChatMessage second = await Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), MessageContent.Text("once"), "key-1", cancellationToken: Stop);
        Assert.Equal(first.MessageId, second.MessageId);

        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "POST", reply = "drop", count = 1 });
        await SayAsync("lost answer");
        Assert.Single(await ListAsync(Feishu.Messages.HistoryAsync(HistoryQuery.OfChat(Purchasing), cancellationToken: Stop)), m => m.Content.PlainText == "lost answer");
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Messages.SendAsync(Recipient.Chat(Purchasing), MessageContent.Text("x"), new string('k', 51), cancellationToken: Stop));
    }

    [Fact]
    public async Task Replies_stand_under_what_they_answer()
    {
        string asked = await PersonSaysAsync("alice", "question");
        ChatMessage answer = await Feishu.Messages.ReplyAsync(asked, MessageContent.Text("answer"), cancellationToken: Stop);
        Assert.Equal((asked, asked), (answer.ParentId, answer.RootId));
        ChatMessage inThread = await Feishu.Messages.ReplyAsync(asked, MessageContent.Text("more"), inThread: true, cancellationToken: Stop);
        Assert.StartsWith("omt_", inThread.ThreadId, StringComparison.Ordinal);
        List<ChatMessage> thread = await ListAsync(Feishu.Messages.HistoryAsync(HistoryQuery.OfThread(inThread.ThreadId!), cancellationToken: Stop));
        Assert.Contains(thread, m => m.MessageId == inThread.MessageId);
    }

    [Fact]
    public async Task Messages_and_threads_are_forwarded()
    {
        ChatMessage one = await SayAsync("one"), two = await SayAsync("two");
        ChatMessage forwarded = await Feishu.Messages.ForwardAsync(one.MessageId, Recipient.UserId("bob"), cancellationToken: Stop);
        Assert.Equal("one", forwarded.Content.PlainText);

        ChatMessage recalled = await SayAsync("gone");
        await Feishu.Messages.RecallAsync(recalled.MessageId, cancellationToken: Stop);
        MergedForward merged = await Feishu.Messages.MergeForwardAsync([one.MessageId, two.MessageId, recalled.MessageId], Recipient.UserId("bob"), cancellationToken: Stop);
        Assert.Equal([recalled.MessageId], merged.InvalidMessageIds);
        ChatMessage read = await Feishu.Messages.GetAsync(merged.Message!.MessageId, cancellationToken: Stop);
        Assert.IsType<ReceivedMergedForward>(read.Content);
        Assert.Equal(["one", "two"], read.Children.Select(c => c.Content.PlainText));

        ChatMessage inThread = await Feishu.Messages.ReplyAsync(one.MessageId, MessageContent.Text("threaded"), inThread: true, cancellationToken: Stop);
        Assert.NotEmpty((await Feishu.Messages.ForwardThreadAsync(inThread.ThreadId!, Recipient.UserId("bob"), cancellationToken: Stop)).MessageId);
    }

    [Fact]
    public async Task A_group_without_the_bot_is_explained()
    {
        FeishuApiException refused = await RefusedAsync(SayAsync("hi", await StrangeGroupAsync()));
        Assert.Equal((230002, FailureKind.Permission), (refused.Code, refused.FailureKind));
        Assert.Contains("机器人不在这个群里", refused.Explanation!.For("zh_cn"), StringComparison.Ordinal);
        Assert.Contains("not in this chat", refused.Explanation.For("en_us"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_ids_and_threads_are_errors_before_the_call()
    {
        await Assert.ThrowsAsync<RecipientException>(() => Feishu.Messages.SendAsync(default, MessageContent.Text("x"), cancellationToken: Stop));
        await Assert.ThrowsAsync<RecipientException>(() => Feishu.Messages.SendAsync(Recipient.Thread("omt_1"), MessageContent.Text("x"), cancellationToken: Stop));
        await Assert.ThrowsAsync<RecipientException>(() => Feishu.Messages.ReplyAsync("oc_1", MessageContent.Text("x"), cancellationToken: Stop));
        Assert.Contains("batch", (await Assert.ThrowsAsync<RecipientException>(() => Feishu.Messages.RecallAsync("bm_1", cancellationToken: Stop))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/im/", (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_not_acceptable_says_where()
    {
        FeishuApiException refused = await RefusedAsync(Feishu.Messages.SendAsync(
            Recipient.Chat(Purchasing), MessageContent.Card("""{"schema":"2.0","body":{"elements":[{"tag":"action","actions":[]}]}}"""), cancellationToken: Stop));
        Assert.Equal((230099, 200861), (refused.Code, refused.CardError!.Code));
        Assert.Contains("elements", refused.CardError.Path, StringComparison.Ordinal);
        Assert.Contains("2.0", refused.Explanation!.English, StringComparison.Ordinal);
    }
}

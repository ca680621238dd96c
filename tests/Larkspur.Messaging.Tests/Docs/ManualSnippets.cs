using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Docs;

/// <summary>What docs/messages.md shows, compiled.</summary>
internal static class ManualSnippets
{
    public static async Task Send(FeishuClient feishu)
    {
        ChatMessage sent = await feishu.Messages.SendAsync(Recipient.Chat("oc_…"), MessageContent.Text("Build 7 is out"));
        await feishu.Messages.SendAsync(Recipient.Email("bob@example.com"), MessageContent.Text(t => t
            .Mention("ou_…", "Bob").Text(" please look: ").Link("the report", "https://example.com/7")));
        await feishu.Messages.ReplyAsync(sent.MessageId, MessageContent.Text("fixed in 8"), inThread: true);
    }

    public static MessageContent Post()
    {
        MessageContent report = MessageContent.Post(p => p
            .Chinese("周报", b => b.Paragraph(l => l.Text("完成 ").Text("7", PostStyle.Bold).Text(" 项 ").Mention("ou_…")).Code("make all", "BASH"))
            .English("Weekly report", b => b.Paragraph("7 done")));
        return report;
    }

    public static async Task Upload(FeishuClient feishu)
    {
        await using FileStream picture = File.OpenRead("chart.png");
        string imageKey = await feishu.Uploads.ImageAsync(picture, progress: new Progress<UploadProgress>(p => Console.Write($"\r{p.Sent}/{p.Total}")));
        await feishu.Messages.SendAsync(Recipient.Chat("oc_…"), MessageContent.Image(imageKey));
    }

    public static async Task Change(FeishuClient feishu, ChatMessage sent, string cardMessageId, string newCardJson, CardAction action)
    {
        await feishu.Messages.EditAsync(sent.MessageId, MessageContent.Text("Build 8 is out"));          // text and post, 20 times
        await feishu.Messages.UpdateCardAsync(cardMessageId, MessageContent.Card(newCardJson));          // 14 days, 5 a second; tried again while a click is answered
        await feishu.Messages.UpdateCardByTokenAsync(action.Token, MessageContent.Card(newCardJson));    // after a click: 30 minutes, twice
        try
        {
            await feishu.Messages.RecallAsync(sent.MessageId);
        }
        catch (FeishuApiException e) when (e.Explanation is not null)
        {
            Console.WriteLine(e.Explanation.For("zh_cn"));   // 已超过管理员设置的可撤回时间，这条消息不能再撤回。
        }
    }

    public static async Task Read(FeishuClient feishu, DateTimeOffset yesterday)
    {
        var query = HistoryQuery.OfChat("oc_…") with { From = yesterday, NewestFirst = true };
        await foreach (ChatMessage message in feishu.Messages.HistoryAsync(query))
        {
            string words = message.Content switch
            {
                ReceivedText text => text.PlainText,                       // with the names of those who are mentioned
                ReceivedFile file => $"file {file.FileName}",
                ReceivedRecalled => "(recalled)",
                var other => other.PlainText,                              // every type has words; unknown ones too
            };
            Console.WriteLine($"{message.CreatedAt:t} {message.Sender.Id}: {words}");
        }
    }

    public static async Task Groups(FeishuClient feishu, IEnumerable<string> people)
    {
        await foreach (ChatSummary chat in feishu.Chats.ListAsync()) Console.WriteLine($"{chat.ChatId} {chat.Name}");
        string group = (await feishu.Chats.CreateAsync(new() { Name = "Release 8", UserIdList = ["ou_…"] })).ChatId!;
        MemberChange added = await feishu.Chats.AddMembersAsync(group, people);    // any number; 50 a call, one call after the other
        if (!added.IsComplete) Console.WriteLine($"not added: {string.Join(", ", added.InvalidIds.Concat(added.NotExistingIds))}");
        await feishu.Chats.SetAnnouncementTextAsync(group, "Freeze on Friday\nAsk Bob");
    }

    public static void Events(FeishuClient feishu, FeishuEventDispatcher dispatcher, Func<IReadOnlyList<ImChatMemberUserAddedV1User>, Task> Welcome, Func<string, Task> Forget)
    {
        dispatcher
            .On<ImChatMemberBotAddedV1>((e, ct) => feishu.Messages.SendAsync(Recipient.Chat(e.Event.ChatId!), MessageContent.Text("Hello"), cancellationToken: ct))
            .On<ImChatMemberUserAddedV1>((e, _) => Welcome(e.Event.Users!))
            .On<ImChatDisbandedV1>((e, _) => Forget(e.Event.ChatId!));
    }

    public static async Task CustomBot(string hookAddress, string secret, string cardJson)
    {
        var bot = new FeishuCustomBot(new Uri(hookAddress), new() { Secret = secret });
        await bot.SendAsync("Disk 90 % full");
        await bot.SendAsync(MessageContent.Card(cardJson));
    }
}

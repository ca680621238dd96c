using Larkspur.Feishu;

var feishu = new FeishuClient(new FeishuOptions { AppId = args[0], AppSecret = args[1], BaseUrl = new Uri(args[2]) });

var sent = await feishu.Im.V1.Message.CreateAsync(new()
{
    ReceiveIdType = "user_id", ReceiveId = "alice", MsgType = "text", Content = """{"text":"Hello, Alice!"}""",
});
Console.WriteLine($"sent {sent.MessageId}");
await foreach (var chat in feishu.Im.V1.Chat.ListAllAsync(new() { PageSize = 20 })) Console.WriteLine(chat.Name);

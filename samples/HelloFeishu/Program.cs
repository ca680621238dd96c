using Larkspur.Feishu;

if (args is not [var appId, var appSecret, .. var rest])
{
    Console.Error.WriteLine("HelloFeishu needs APP_ID APP_SECRET [ADDRESS]; to try it, run ./larkspur emulator and give it "
        + "cli_a1b2c3d4e5f60718 emulator-app-secret http://127.0.0.1:8081");
    return 2;
}

var address = rest is [var given, ..] ? new Uri(given) : null;
var feishu = new FeishuClient(new FeishuOptions { AppId = appId, AppSecret = appSecret, BaseUrl = address });

var sent = await feishu.Im.V1.Message.CreateAsync(new()
{
    ReceiveIdType = "user_id", ReceiveId = "alice", MsgType = "text", Content = """{"text":"Hello, Alice!"}""",
});
Console.WriteLine($"sent {sent.MessageId}");
await foreach (var chat in feishu.Im.V1.Chat.ListAllAsync(new() { PageSize = 20 })) Console.WriteLine(chat.Name);
return 0;

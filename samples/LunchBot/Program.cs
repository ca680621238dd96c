// A bot without a public address: it receives over the long connection, answers with a card, changes the card when somebody clicks,
// and writes while one reads.
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;
using Larkspur.Feishu.Messaging;
using Larkspur.Feishu.Messaging.Streaming;

if (args is not [var appId, var appSecret, .. var rest])
{
    Console.Error.WriteLine("LunchBot needs APP_ID APP_SECRET [ADDRESS]; to try it, run ./larkspur emulator and give it "
        + "cli_a1b2c3d4e5f60718 emulator-app-secret http://127.0.0.1:8081");
    return 2;
}

var app = new FeishuOptions { AppId = appId, AppSecret = appSecret, BaseUrl = rest is [var address, ..] ? new Uri(address) : null };
var feishu = new FeishuClient(app);

var events = new FeishuEventDispatcher()
    .On<ImMessageReceiveV1>(async (e, cancellation) =>
    {
        if (e.Event.Message is not { MessageId: { } messageId } message) return;
        var asksWhy = message.ReadContent().PlainText.Contains("why", StringComparison.OrdinalIgnoreCase);
        if (asksWhy) await ExplainAsync(messageId, cancellation);
        else await feishu.Messages.ReplyAsync(messageId, MessageContent.Card(Question()), cancellationToken: cancellation);
    })
    .OnCardAction((click, _) => Task.FromResult(click.Action.ValueText("lunch") is { } dish
        ? CardActionResponse.Toast(CardToastType.Success, $"{dish}, noted").WithCard(Decided(dish))
        : CardActionResponse.Nothing));

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
Console.WriteLine("Each event of this app goes to one of its connections, at random: a gateway with the same app, the demo's say,");
Console.WriteLine("misses what comes here. Beside one give LunchBot an app of its own: docs/samples.md#beside-a-gateway");
var connection = new FeishuLongConnection(app, events);
connection.StateChanged += now => Console.WriteLine(now.IsConnected ? "Connected: write to the bot; Ctrl+C ends it." : $"{now.State}");
await connection.RunAsync(stop.Token);
return 0;

static CardBuilder Question() => new CardBuilder()
    .Header("Lunch?", HeaderTemplate.Orange)
    .Row(new Button("Noodles") { Type = ButtonType.Primary, Behaviors = [Behavior.Callback(new { lunch = "Noodles" })] },
         new Button("Rice") { Behaviors = [Behavior.Callback(new { lunch = "Rice" })] });

static CardBuilder Decided(string dish) => new CardBuilder().Header($"Lunch: {dish}", HeaderTemplate.Green).PlainText("See you at noon.");

async Task ExplainAsync(string messageId, CancellationToken cancellation)
{
    var look = new StreamingCardOptions { Title = "Why lunch?" };
    await using var card = await feishu.Messages.StreamReplyAsync(messageId, look, cancellationToken: cancellation);
    foreach (var word in "Because nobody decides well on an empty stomach.".Split(' ')) card.Append(word + " ");
    await card.CompleteAsync(cancellation: cancellation);
}

// Receives events and card callbacks over HTTP: one call adds the address to an ASP.NET Core app, and only what Feishu signed gets through.
using Larkspur.Feishu;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;

if (!FeishuOptions.TryFromEnvironment(out _, out var missing, receivesOverHttp: true))
{
    Console.Error.WriteLine($"WebReceiver needs {missing}; to try it, run ./larkspur emulator and set the variables that it prints.");
    return 2;
}

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddFeishu(app => app.ReadEnvironment());
var app = builder.Build();
var feishu = app.Services.GetRequiredService<FeishuClient>();

app.MapFeishu("/webhook/feishu", new FeishuEventDispatcher()
    .On<ImMessageReceiveV1>(async (e, cancellation) =>
    {
        // When this throws, the platform sends the event again; the uuid makes sure that nobody sees two answers.
        if (e.Event.Message?.MessageId is { } messageId)
            await feishu.Messages.ReplyAsync(messageId, MessageContent.Card(Question()), uuid: messageId, cancellationToken: cancellation);
    })
    .OnCardAction((click, _) => Task.FromResult(click.Action.ValueText("coffee") is { } coffee
        ? CardActionResponse.Toast(CardToastType.Success, $"{coffee} it is").WithCard(Decided(coffee))
        : CardActionResponse.Nothing)));
app.MapGet("/health", () => "ok");

await app.RunAsync();
return 0;

static CardBuilder Question() => new CardBuilder().Header("Coffee?", HeaderTemplate.Orange)
    .CallbackButton("Espresso", new { coffee = "Espresso" }, ButtonType.Primary)
    .CallbackButton("Latte", new { coffee = "Latte" });

static CardBuilder Decided(string coffee) => new CardBuilder().Header($"Coffee: {coffee}", HeaderTemplate.Green);

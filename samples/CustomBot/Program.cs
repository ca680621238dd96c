// Posts into one group through its custom bot, for reports of builds and jobs: no app, no permissions, only an address.
using Larkspur;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;

// Whoever knows the address can write to the group, so it comes from the environment and never shows in a list of processes.
var hook = Environment.GetEnvironmentVariable("FEISHU_CUSTOM_BOT_URL");
if (!Uri.TryCreate(hook, UriKind.Absolute, out var address) || args is not [var title, .. var lines])
{
    const string Try = "FEISHU_CUSTOM_BOT_URL=http://127.0.0.1:8081/open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613";
    Console.Error.WriteLine("CustomBot needs FEISHU_CUSTOM_BOT_URL, FEISHU_CUSTOM_BOT_SECRET if it signs, and a TITLE with LINES; "
        + $"to try it, run ./larkspur emulator and set {Try} and FEISHU_CUSTOM_BOT_SECRET=emulator-hook-secret.");
    return 2;
}

var secret = Environment.GetEnvironmentVariable("FEISHU_CUSTOM_BOT_SECRET") is { Length: > 0 } given ? given : null;
var bot = new FeishuCustomBot(address, new() { Secret = secret });
var card = new CardBuilder().Header(title, HeaderTemplate.Blue);
// As plain text: what a build prints may look like markup, and must not call anybody.
foreach (var line in lines) card.PlainText(line);
try
{
    await bot.SendAsync(MessageContent.Card(card));
    Console.WriteLine("sent");
    return 0;
}
catch (CustomBotException refused)
{
    Console.Error.WriteLine(refused.Explanation.English);
}
catch (PlatformNetworkException lost)
{
    Console.Error.WriteLine(lost.EffectUnknown ? $"{lost.Message} It may have been sent: look before you repeat it." : lost.Message);
}

return 1;

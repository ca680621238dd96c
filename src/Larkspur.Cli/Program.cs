using System.CommandLine;
using System.Net.Http;
using Larkspur.Cli.Approvals;
using Larkspur.Cli.Audit;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Cards;
using Larkspur.Cli.Chats;
using Larkspur.Cli.Commands;
using Larkspur.Cli.Completion;
using Larkspur.Cli.Description;
using Larkspur.Cli.Doctor;
using Larkspur.Cli.Events;
using Larkspur.Cli.Hosting;
using Larkspur.Cli.Keys;
using Larkspur.Cli.Messages;
using Larkspur.Cli.Notifications;
using Larkspur.Cli.Operations;
using Larkspur.Cli.Output;
using Larkspur.Cli.Payments;
using Larkspur.Cli.People;
using Larkspur.Cli.Settings;
using Larkspur.Cli.Smoke;
using Larkspur.Cli.Status;
using Larkspur.Cli.Uploads;
using Larkspur.Cli.Webhooks;

// Before anything is written: what this process and those it starts make, no other user may open.
PrivateUmask.Set();

if (Console.IsOutputRedirected) PlainOutput.Use();

HttpClient.DefaultProxy = new LoopbackProxy(HttpClient.DefaultProxy);

var root = new RootCommand("Larkspur: the gateway between a company's systems and Feishu/Lark, WeCom and DingTalk.");

var demo = new Command("demo", "Start the emulator and the gateway with a seeded company, and print the addresses.");
demo.SetAction((_, cancellation) => SignalsFirst(() => DemoCommand.RunAsync(cancellation)));
root.Add(demo);

var smoke = new Command("smoke", "Play the main job end to end on free ports, print each step, exit 0 or 1.");
smoke.SetAction((_, cancellation) => SignalsFirst(() => SmokeCommand.RunAsync(cancellation)));
root.Add(smoke);

var run = new Command("run", "The gateway alone, against the real platforms. Settings: docs/settings.md.") { TreatUnmatchedTokensAsErrors = false };
run.SetAction((parsed, cancellation) => SignalsFirst(() => SingleHost.RunGatewayAsync([.. parsed.UnmatchedTokens], cancellation)));
root.Add(run);

var emulator = new Command("emulator", "The emulator alone. Settings: docs/emulator.md.") { TreatUnmatchedTokensAsErrors = false };
emulator.SetAction((parsed, cancellation) => SignalsFirst(() => SingleHost.RunEmulatorAsync([.. parsed.UnmatchedTokens], cancellation)));
root.Add(emulator);

root.Add(SendCommand.Send());
root.Add(SendCommand.Reply());
root.Add(RecallCommand.Create());
root.Add(HistoryCommand.Create());
root.Add(ChatsCommand.Create());
root.Add(UploadCommand.Create());
root.Add(CardCommand.Create());
root.Add(EventsCommand.Create());
root.Add(NotificationsCommand.Create());
root.Add(PaymentsCommand.Create());
root.Add(ApprovalsCommand.Create());
root.Add(PeopleCommand.Create());
root.Add(StatusCommand.Create());
root.Add(DoctorCommand.Create());
root.Add(BoxCommand.Inbox());
root.Add(BoxCommand.Outbox());
root.Add(DeliveriesCommand.Create());
root.Add(CommandsCommand.Create());
root.Add(WebhooksCommand.Create());
root.Add(KeysCommand.Create());
root.Add(SettingsCommand.Create());
root.Add(AuditCommand.Create());
root.Add(OpenApiCommand.Create());
root.Add(CompletionCommand.Create());
HelpWithExamples.AddTo(root);

// A stop waits for the handlers that are at work (10 s); the default of 2 s would cut them off and leave the demo's data behind.
var command = root.Parse(args);
var exitCode = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
// What was not understood is 2, as with any tool; 1 is the commands' own. Help is understood, whatever is missing beside it.
return command.Errors.Count > 0 && command.Action is not HelpWithExamples ? ExitCodes.Usage : exitCode;

// Ctrl+C is listened to once the command has returned for the first time: before the half second in which the hosts are built, not after it.
static async Task<int> SignalsFirst(Func<Task<int>> command)
{
    await Task.Yield();
    return await command();
}

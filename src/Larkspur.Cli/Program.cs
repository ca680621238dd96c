using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Http;
using Larkspur.Cli.Approvals;
using Larkspur.Cli.Audit;
using Larkspur.Cli.Authorizations;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Cards;
using Larkspur.Cli.Chats;
using Larkspur.Cli.Commands;
using Larkspur.Cli.Completion;
using Larkspur.Cli.Contexts;
using Larkspur.Cli.Connections;
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
using Larkspur.Cli.Permissions;
using Larkspur.Cli.Quota;
using Larkspur.Cli.Schedules;
using Larkspur.Cli.Settings;
using Larkspur.Cli.SignIn;
using Larkspur.Cli.Smoke;
using Larkspur.Cli.Status;
using Larkspur.Cli.Streams;
using Larkspur.Cli.Uploads;
using Larkspur.Cli.WebChat;
using Larkspur.Cli.Robots;
using Larkspur.Cli.Syncs;
using Larkspur.Cli.Tables;
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

root.Add(LoginCommand.Create());
root.Add(ContextsCommand.Create());
root.Add(MessagesCommand.Create());
root.Add(ChatsCommand.Create());
root.Add(new Command("files", "Images and files for messages and cards: upload.") { UploadVerb.Create() });
root.Add(CardsCommand.Create());
root.Add(StreamsCommand.Create());
root.Add(EventsCommand.Create());
root.Add(NotificationsCommand.Create());
root.Add(PaymentsCommand.Create());
root.Add(ApprovalsCommand.Create());
root.Add(PeopleCommand.Create());
root.Add(DirectoryCommand.Create());
root.Add(DepartmentsCommand.Create());
root.Add(ScimTargetsCommand.Create());
root.Add(IdentityProvidersCommand.Create());
root.Add(ClientsCommand.Create());
root.Add(AuthorizationsCommand.Create());
root.Add(PermissionsCommand.Create());
root.Add(WebChatCommand.Create());
root.Add(StatusCommand.Create());
root.Add(DoctorCommand.Create());
root.Add(BoxCommand.Inbox());
root.Add(BoxCommand.Outbox());
root.Add(DeliveriesCommand.Create());
root.Add(CommandsCommand.Create());
root.Add(WebhooksCommand.Create());
root.Add(RobotsCommand.Create());
root.Add(TablesCommand.Create());
root.Add(SyncsCommand.Create());
root.Add(KeysCommand.Create());
root.Add(SettingsCommand.Create());
root.Add(AuditCommand.Create());
root.Add(QuotaCommand.Create());
root.Add(SchedulesCommand.Create());
root.Add(ConnectionsCommand.Create());
root.Add(OpenApiCommand.Create());
root.Add(CompletionCommand.Create());
HelpWithExamples.AddTo(root);

// A stop waits for the handlers that are at work (10 s); the default of 2 s would cut them off and leave the demo's data behind.
// "@alice" is a text, and "@event.json" means what a verb says: never more arguments.
var command = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
// Help and completion are understood, whatever is missing beside them.
if (command.Errors.Count > 0 && command.Action is ParseErrorAction) return UsageErrors.Say(command);
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

// Ctrl+C is listened to once the command has returned for the first time: before the half second in which the hosts are built, not after it.
static async Task<int> SignalsFirst(Func<Task<int>> command)
{
    await Task.Yield();
    return await command();
}

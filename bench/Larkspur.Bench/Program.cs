using System.CommandLine;
using Larkspur.Bench;
using Larkspur.Bench.Load;
using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;

// The two roles that this program plays for itself, each in a process of its own.
if (args is ["role-driver"]) return await Driver.RunAsync(Console.In, Console.Out);
if (args is ["role-bare", var port]) return await BareServer.RunAsync(int.Parse(port));

var name = new Argument<string?>("name") { Description = "Which one; without it they are listed.", Arity = ArgumentArity.ZeroOrOne };
var seconds = new Option<double>("--seconds") { Description = "Length of one measurement.", DefaultValueFactory = _ => 4 };
var rounds = new Option<int>("--rounds") { Description = "Measurements of each thing, interleaved.", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Connections that send at once.", DefaultValueFactory = _ => 128 };
var messages = new Option<int>("--messages") { Description = "Messages to send (shaping, backlog).", DefaultValueFactory = _ => 1000 };
var events = new Option<int>("--events") { Description = "Messages that people send to the bot (effects, chaos).", DefaultValueFactory = _ => 10_000 };
var chats = new Option<int>("--chats") { Description = "Chats in which they send them (effects, chaos).", DefaultValueFactory = _ => 200 };
var people = new Option<int>("--people") { Description = "People whose directory is read (directory).", DefaultValueFactory = _ => 20_000 };
var rows = new Option<int>("--rows") { Description = "Rows that are synchronised (sync).", DefaultValueFactory = _ => 100_000 };
var platform = new Option<string?>("--platform") { Description = "The only platform whose directory is read (directory)." };
platform.AcceptOnlyFromAmong("feishu", "dingtalk", "wecom");
var kills = new Option<int>("--kills") { Description = "SIGKILLs to the gateway (chaos).", DefaultValueFactory = _ => 100 };
var freezes = new Option<int>("--freezes") { Description = "SIGSTOPs of a gateway, up to 12 s each; on PostgreSQL half as many of its sessions too (chaos)." };
var networkFaults = new Option<int>("--network-faults")
{
    Description = "Times that a gateway's connections are lost, stand still or are late, to the database or the platform (chaos).",
};
var processes = new Option<int>("--processes") { Description = "Gateway processes, 1 to 4; several only on PostgreSQL (chaos).", DefaultValueFactory = _ => 1 };
var database = new Option<string>("--db")
{
    Description = "sqlite or postgresql, a cluster of the run's own (chaos, backlog, retention, directory, sync).", DefaultValueFactory = _ => "sqlite",
};
database.AcceptOnlyFromAmong("sqlite", "postgresql");
var json = new Option<FileInfo?>("--json") { Description = "A file that gets the figures, too." };

var root = new RootCommand("Measures Larkspur beside something comparable and prints ratios of one run. What the figures mean: docs/performance.md.")
{
    name, seconds, rounds, connections, messages, events, chats, people, rows, platform, kills, freezes, networkFaults, processes, database, json,
};
root.SetAction((parsed, cancellation) => BenchRun.RunAsync(
    parsed.GetValue(name),
    new BenchOptions(parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(connections))
    {
        Messages = parsed.GetValue(messages),
        Events = parsed.GetValue(events),
        Chats = parsed.GetValue(chats),
        Platform = parsed.GetValue(platform),
        People = parsed.GetValue(people),
        Rows = parsed.GetValue(rows),
        Kills = parsed.GetValue(kills),
        Freezes = parsed.GetValue(freezes),
        NetworkFaults = parsed.GetValue(networkFaults),
        Processes = parsed.GetValue(processes),
        OnPostgres = parsed.GetValue(database) == "postgresql",
    },
    parsed.GetValue(json),
    cancellation));
return await root.Parse(args).InvokeAsync();

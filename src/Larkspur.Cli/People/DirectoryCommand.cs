using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur directory</c>: the company's directory, read from the platforms and kept true.</summary>
internal static class DirectoryCommand
{
    private const int LargestPage = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly string[] Open = ["queued", "running"];

    public static Command Create() =>
        new("directory", "The company's directory, read from the platforms: sync, runs, show, changes, apply, discard.") { Sync(), Runs(),
            Show(), Changes(), Answer(true), Answer(false) };

    private static Verb Sync()
    {
        var platform = Platform("Only this platform; without it each that is connected.");
        var app = GatewayOptions.App();
        var dry = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing." };
        var noWait = new Option<bool>("--no-wait") { Description = "Ask for it, and do not wait for its end." };
        return new Verb("sync", "Read the directory now; exit 1 when a run failed or asks something.",
            "larkspur directory sync --dry-run", "larkspur directory sync --platform feishu")
            { platform, app, dry, noWait }.Asks(async call =>
        {
            var body = new SyncDirectory { DryRun = call.Get(dry), Platform = call.Get(platform), App = call.Get(app) };
            var asked = (await call.AskAsync((client, limited) => client.Directory.SyncAsync(body, limited))).Runs;
            var runs = call.Get(noWait) ? asked : await EndsAsync(call, asked);
            ListView.Print(call, runs, false, Columns);
            if (!call.Json)
            {
                foreach (var run in runs.Where(r => r.Message is not null)) Console.Out.WriteLine($"{run.Platform}: {run.Message}");
                foreach (var run in runs.Where(r => r.State == "waiting"))
                    Console.Out.WriteLine($"larkspur directory changes {run.Id} shows who would be treated as having left; then:"
                        + $" larkspur directory apply {run.Id}, or discard {run.Id}");
            }

            return runs.All(r => r.State is "complete" or "queued" or "running") ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    private static async Task<IReadOnlyList<DirectoryRunView>> EndsAsync(VerbCall call, IReadOnlyList<DirectoryRunView> asked)
    {
        var ended = new List<DirectoryRunView>();
        foreach (var run in asked)
        {
            var now = run;
            while (Open.Contains(now.State))
            {
                await Task.Delay(LookEvery, TimeProvider.System, call.Cancellation);
                now = await call.AskAsync((client, limited) => client.Directory.GetRunAsync(run.Id, limited));
            }

            ended.Add(now);
        }

        return ended;
    }

    private static Verb Runs()
    {
        var platform = Platform("Only this platform.");
        var limit = Limit.Option(20, "How many at most.");
        return new Verb("runs", "Runs of the sync, the newest first.", "larkspur directory runs") { platform, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<DirectoryRunView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Directory.ListRunsAsync(call.Get(platform), cursor, size, limited));
                return (page.Items, page.Next);
            }), Columns));
    }

    private static Verb Show()
    {
        var id = Number();
        return new Verb("show", "One run, with what it asks or why it failed.", "larkspur directory show 12") { id }.Asks(async call =>
        {
            var run = await call.AskAsync((client, limited) => client.Directory.GetRunAsync(call.Get(id), limited));
            if (call.Json) JsonOut.Write(run);
            else
            {
                DetailView.Print(("run", Text(run.Id)), ("platform", run.Platform), ("app", run.App), ("state", run.State),
                    ("message", run.Message), ("detail", run.Detail),
                    ("cause", run.Cause), ("asked by", run.AskedBy), ("dry run", run.DryRun ? "yes" : null),
                        ("departments", Text(run.Counts.Departments)), ("members", Text(run.Counts.Members)),
                    ("joined", Text(run.Counts.Joined)), ("returned", Text(run.Counts.Returned)), ("changed", Text(run.Counts.Changed)),
                        ("left", Text(run.Counts.Left)),
                    ("out of sight", Text(run.Counts.Hidden)), ("department changes", Text(run.Counts.DepartmentChanges)),
                    ("began", PointInTime.Shown(run.StartedAt)), ("ended", PointInTime.Shown(run.EndedAt)));
            }

            return ExitCodes.Done;
        });
    }

    private static Verb Changes()
    {
        var id = Number();
        var kind = new Option<string?>("--kind") { Description =
            "Only these: joined, returned, changed, frozen, left, hidden, department_made, department_changed, department_gone." };
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("changes", "What a run changed; of one that waits or was dry, what it would change.",
            "larkspur directory changes 12 --kind left") { id, kind, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<DirectoryChangeView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Directory.ListChangesAsync(call.Get(id), call.Get(kind), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Kind", c => c.Kind), new("Name", c => c.Name), new("Key", c => c.Key), new("Person", c => c.Person),
                new("Changes", c => string.Join("; ", c.Changes.Select(f => $"{f.Field}: {f.From ?? "-"} -> {f.To ?? "-"}")))));
    }

    private static Verb Answer(bool yes)
    {
        var id = Number();
        return new Verb(yes ? "apply" : "discard", yes
            ? "Answer a run that waits with yes: a new run does it." : "Answer a run that waits with no: nobody is treated as having left.",
            $"larkspur directory {(yes ? "apply" : "discard")} 12") { id }.Asks(async call =>
        {
            var run = await call.AskAsync((client, limited) =>
                yes ? client.Directory.ApplyRunAsync(call.Get(id), limited) : client.Directory.DiscardRunAsync(call.Get(id), limited));
            return AnswerView.Say(call, run, yes ? $"Run {run.Id} does it: larkspur directory show {run.Id}" : $"Discarded: {run.Id}");
        });
    }

    private static readonly Column<DirectoryRunView>[] Columns =
    [
        new("Run", r => Text(r.Id)), new("Platform", r => r.Platform), new("App", r => r.App), new("State", r =>
            r.DryRun ? r.State + " (dry run)" : r.State), new("Reason", r => r.Reason),
        new("Members", r => Text(r.Counts.Members)), new("Joined", r => Text(r.Counts.Joined + r.Counts.Returned)), new("Changed", r =>
            Text(r.Counts.Changed)),
        new("Left", r => Text(r.Counts.Left)), new("Began", r => PointInTime.Short(r.StartedAt ?? r.CreatedAt)),
    ];

    private static Option<string?> Platform(string what)
    {
        var option = new Option<string?>("--platform") { Description = what };
        option.AcceptOnlyFromAmong("feishu", "wecom", "dingtalk");
        return option;
    }

    private static Argument<long> Number() => new("run") { Description = "The run's number, as larkspur directory runs has it." };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using System.Net.Http;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary><c>larkspur syncs</c>: tables that are kept equal with a company's own data.</summary>
internal static class SyncsCommand
{
    public static Command Create() => new("syncs",
        "Tables kept equal with a company's own data, both ways: plan, create, start, conflicts, undo.")
    {
        CreateOne(), List(), Show(), PlanVerb.Create(), Start(), SteerVerbs.Run(), SteerVerbs.Pause(), SteerVerbs.Resume(),
        SteerVerbs.Deletions(), ConflictVerbs.List(), ConflictVerbs.Resolve(), RowVerbs.Problems(), RowVerbs.Runs(), RowVerbs.History(),
        RowVerbs.Undo(), Remove(), ConnectionVerbs.Create(),
    };

    /// <summary>The argument that names a sync.</summary>
    public static Argument<string> Name() => Named.Argument("name", "The sync, as larkspur syncs list names it.");

    public static Option<string> File() => new("--file", "-f")
    {
        Description = "The sync in a file, YAML or JSON: name, table, source, key, fields (docs/syncs.md). - reads it from the input.",
        Required = true,
    };

    public static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";

    private static Verb CreateOne()
    {
        var file = File();
        return new Verb("create", "Make a sync by its file, or change it to what the file says. Nothing is written before its start.",
            "larkspur syncs create -f orders.yaml") { file }.Asks(async call =>
        {
            var sync = await SyncFile.ReadAsync(call.Get(file)!, call.Cancellation);
            try
            {
                var made = await call.Gateway.SendAsync<SyncView>(HttpMethod.Put, "syncs/" + Uri.EscapeDataString(sync.Name),
                    sync.Body.ToJsonString(), null, call.Cancellation);
                var next = made.State == "surveying" ? $" Both sides are read now: larkspur syncs show {made.Name} --watch" : "";
                return AnswerView.Say(call, made, $"Kept: {made.Name} ({made.State}).{next}");
            }
            catch (CallFailure e)
            {
                throw sync.Told(e);
            }
        });
    }

    private static Verb List() => new Verb("list", "Syncs of the key's system, and how each stands.", "larkspur syncs list")
        .Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Syncs.ListAsync(limited))).Items, false,
            new("Sync", s => s.Name), new("State", s => s.State), new("Table", s => $"{s.Spec.Table.Base}/{s.Spec.Table.Table}"),
            new("Source", s => $"{s.Spec.Source.Connection}/{s.Spec.Source.Table}"), new("Rows", s => Number(s.Counts.Linked)),
            new("Waiting", s => Number(s.Counts.Waiting)), new("Conflicts", s => Number(s.Counts.Conflicts)),
            new("Problems", s => Number(s.Counts.Problems)), new("System", s => s.System)));

    private static Verb Show()
    {
        var name = Name();
        var watch = new Option<bool>("--watch") { Description = "Stay, and show how far the survey or the copy is, to its end." };
        return new Verb("show", "One of them: how far it is, what waits, why it stands still.", "larkspur syncs show orders --watch")
            { name, watch }.Asks(async call => SyncPrint.Told(call, call.Get(watch) ? await SyncWatch.RunAsync(call, call.Get(name))
            : await call.AskAsync((client, limited) => client.Syncs.ShowAsync(call.Get(name), limited))));
    }

    private static Verb Start()
    {
        var name = Name();
        var winner = new Option<string>("--winner")
        {
            Description = "Whose value stays where both sides have one and they differ: table, source; ask: a person decides each.",
            DefaultValueFactory = _ => "ask",
        };
        winner.AcceptOnlyFromAmong("table", "source", "ask");
        return new Verb("start", "Begin the first copy of a sync that was surveyed.", "larkspur syncs start orders --winner source")
            { name, winner }.Asks(async call =>
        {
            var body = new StartSync { Winner = call.Get(winner) };
            var started = await call.AskAsync((client, limited) => client.Syncs.StartAsync(call.Get(name), body, limited));
            return AnswerView.Say(call, started, $"Started: {started.Name}. It copies now: larkspur syncs show {started.Name} --watch");
        });
    }

    private static Verb Remove()
    {
        var name = Name();
        return new Verb("remove", "Forget a sync; both sides stay as they are.", "larkspur syncs remove orders") { name }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Syncs.DeleteAsync(call.Get(name), limited);
                return true;
            });
            return AnswerView.Say(call, new { name = call.Get(name), removed = true }, $"Removed: {call.Get(name)}");
        });
    }
}

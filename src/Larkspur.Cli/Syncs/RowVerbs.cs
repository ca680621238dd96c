using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary>Rows that do not get on, runs, what was written, and taking it back.</summary>
internal static class RowVerbs
{
    public static Verb Problems()
    {
        var name = SyncsCommand.Name();
        var retry = new Option<bool>("--retry") { Description = "Look at all of them again now." };
        return new Verb("problems", "Rows that do not get on, with the reason; the rest goes on without them.",
            "larkspur syncs problems orders", "larkspur syncs problems orders --retry") { name, retry }.Asks(async call =>
        {
            if (call.Get(retry))
            {
                var again = await call.AskAsync((client, limited) => client.Syncs.RetryProblemsAsync(call.Get(name), new(), limited));
                return AnswerView.Say(call, again, $"Looked at again: {again.Retried}");
            }

            var page = await call.AskAsync((client, limited) => client.Syncs.ListProblemsAsync(call.Get(name), cancellation: limited));
            return ListView.Print(call, page.Items, page.Next is not null, new("Id", p => $"{p.Id}"), new("Row", p => p.Key ?? p.Item),
                new("Field", p => p.Field), new("Why", p => Words.Of(p.Message, p.MessageZh)), new("Detail", p => p.Detail),
                new("Tries", p => $"{p.Tries}"), new("Next try", p => PointInTime.Short(p.NextTryAt)));
        });
    }

    public static Verb Runs()
    {
        var name = SyncsCommand.Name();
        return new Verb("runs", "What a sync did, run by run.", "larkspur syncs runs orders") { name }.Asks(async call =>
            Print(call, (await call.AskAsync((client, limited) => client.Syncs.ListRunsAsync(
                call.Get(name), cancellation: limited))).Items));
    }

    public static int Print(VerbCall call, IReadOnlyList<SyncRunView> runs) => ListView.Print(call, runs, false, new("Run", r => $"{r.Id}"),
        new("Kind", r => r.Kind), new("Began", r => PointInTime.Short(r.BeganAt)), new("Ended", r => PointInTime.Short(r.EndedAt)),
        new("Read", r => SyncsCommand.Number(r.ReadRows)), new("To table", r => SyncsCommand.Number(r.ToTable)),
        new("To source", r => SyncsCommand.Number(r.ToSource)), new("Conflicts", r => SyncsCommand.Number(r.Conflicts)),
        new("Problems", r => SyncsCommand.Number(r.Problems)), new("Undone", r => PointInTime.Short(r.UndoneAt)));

    public static Verb History()
    {
        var name = SyncsCommand.Name();
        var key = new Argument<string>("key") { Description = "The row's key; of several columns as a JSON array." };
        return new Verb("history", "What a sync wrote into a row.", "larkspur syncs history orders PO-2026-009") { name, key }
            .Asks(async call => AnswerView.Print(call,
                await call.AskAsync((client, limited) => client.Syncs.ShowRowHistoryAsync(call.Get(name), call.Get(key), limited))));
    }

    public static Verb Undo()
    {
        var name = SyncsCommand.Name();
        var run = new Argument<long>("run") { Description = "The run, as larkspur syncs runs lists it." };
        return new Verb("undo", "Take back what a run wrote. The sync is paused; what was changed since stays.",
            "larkspur syncs undo orders 42") { name, run }.Asks(async call =>
        {
            var undone = await call.AskAsync((client, limited) => client.Syncs.UndoRunAsync(call.Get(name), call.Get(run), limited));
            if (call.Json) return AnswerView.Print(call, undone);
            if (!undone.Done) return AnswerView.Say(call, undone, $"It goes on: larkspur syncs runs {call.Get(name)}");
            Console.Out.WriteLine($"Taken back: {undone.Changed} changed, {undone.Made} made again, {undone.Deleted} deleted, "
                + $"{undone.Same} were as before; {undone.Kept} stay as they are.");
            foreach (var left in undone.Examples)
                Console.Out.WriteLine(Printable.Line($"  {left.Item} ({left.Side}): {left.Reason.Replace('_', ' ')}"
                    + (left.Fields.Count > 0 ? $": {string.Join(", ", left.Fields)}" : "")));
            Console.Out.WriteLine(Printable.Line($"The sync is paused: larkspur syncs resume {call.Get(name)}"));
            return ExitCodes.Done;
        });
    }
}

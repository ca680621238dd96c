using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary>A sync for people.</summary>
internal static class SyncPrint
{
    public static int Told(VerbCall call, SyncView sync)
    {
        if (call.Json)
        {
            JsonOut.Write(sync);
            return ExitCodes.Done;
        }

        var counts = sync.Counts;
        DetailView.Print(("sync", sync.Name), ("state", sync.State), ("message", Words.Of(sync.Message ?? "", sync.MessageZh ?? "")),
            ("next try", PointInTime.Shown(sync.NextTryAt)), ("progress", Progress(sync.Progress)),
            ("table", $"{sync.Spec.Table.Base}/{sync.Spec.Table.Table}, {SyncsCommand.Number(counts.TableRows)} rows"),
            ("source", $"{sync.Spec.Source.Connection}/{sync.Spec.Source.Table}, {SyncsCommand.Number(counts.SourceRows)} rows"),
            ("linked", SyncsCommand.Number(counts.Linked)), ("waiting", SyncsCommand.Number(counts.Waiting)),
            ("conflicts", SyncsCommand.Number(counts.Conflicts)), ("problems", SyncsCommand.Number(counts.Problems)),
            ("to be confirmed", counts.DeletionsWaiting > 0 ? $"{SyncsCommand.Number(counts.DeletionsWaiting)} deletions" : null),
            ("asked", sync.LagSeconds is { } lag ? $"{SyncsCommand.Number(lag)} s ago" : null),
            ("compared", PointInTime.Shown(sync.ComparedAt)),
            ("system", sync.System), ("changed", $"{PointInTime.Shown(sync.ChangedAt)} by {sync.ChangedBy}"));
        foreach (var field in sync.PausedFields)
            Console.Out.WriteLine(Printable.Line($"left alone: {field.Field}: {Words.Of(field.Message, field.MessageZh)}"));
        if (sync.State == "ready") Console.Out.WriteLine(Printable.Line(
            $"larkspur syncs plan {sync.Name} shows what was found; larkspur syncs start {sync.Name} begins."));
        if (sync.Runs.Count == 0) return ExitCodes.Done;
        Console.Out.WriteLine();
        return RowVerbs.Print(call, sync.Runs);
    }

    private static string? Progress(SyncProgressView? progress) => progress is null ? null : string.Create(CultureInfo.InvariantCulture,
        $"{progress.Step.Replace('_', ' ')}: {progress.Done:N0}")
        + (progress.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $" of {total:N0}") : "") + " rows" + Rate(progress);

    private static string Rate(SyncProgressView progress) => (progress.PerSecond is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $", {rate:N0} rows/s") : "")
        + (progress.SecondsLeft is { } left ? $", about {TimeSpan.FromSeconds(left):g} left" : "");
}

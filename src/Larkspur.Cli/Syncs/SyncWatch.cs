using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Larkspur.Cli.Syncs;

/// <summary>Follows a survey or a copy to its end: a bar with rows, rate and time left, on the error stream, and only when that is a
/// terminal.</summary>
internal static class SyncWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <returns>The sync when it surveys and copies no more.</returns>
    public static Task<SyncView> RunAsync(VerbCall call, string name)
    {
        if (Console.IsErrorRedirected) return UntilAsync(call, name, static _ => { });
        var latest = new Latest();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ToldColumn(latest))
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(Printable.Short(name, 40)), maxValue: 1);
                return UntilAsync(call, name, progress =>
                {
                    task.IsIndeterminate = progress.Total is null;
                    task.MaxValue = Math.Max(1, progress.Total ?? progress.Done);
                    task.Value = progress.Done;
                    latest.Value = progress;
                });
            });
    }

    private static async Task<SyncView> UntilAsync(VerbCall call, string name, Action<SyncProgressView> tell)
    {
        while (true)
        {
            var sync = await call.AskAsync((client, limited) => client.Syncs.ShowAsync(name, limited));
            if (sync.State is not ("surveying" or "copying")) return sync;
            if (sync.Progress is { } progress) tell(progress);
            await Task.Delay(Every, TimeProvider.System, call.Cancellation);
        }
    }

    private sealed class Latest
    {
        public SyncProgressView? Value { get; set; }
    }

    private sealed class ToldColumn(Latest latest) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            if (latest.Value is not { } progress) return Text.Empty;
            var left = progress.SecondsLeft is { } seconds ? $", {TimeSpan.FromSeconds(seconds):g} left" : "";
            var rate = progress.PerSecond is { } each ? string.Create(CultureInfo.InvariantCulture, $", {each:N0} rows/s") : "";
            var total = progress.Total is { } all ? string.Create(CultureInfo.InvariantCulture, $"/{all:N0}") : "";
            return new Text(string.Create(CultureInfo.InvariantCulture,
                $"{progress.Step.Replace('_', ' ')}: {progress.Done:N0}{total} rows{rate}{left}"));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Larkspur.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Larkspur.Cli.Tables;

/// <summary>How many rows are done: a bar with rows, rate and time left, on the error stream, and only when that is a terminal.</summary>
internal static class RowProgress
{
    /// <param name="name">What is shown beside the bar.</param>
    /// <param name="rows">Rows in all.</param>
    /// <param name="work">Is given what takes the rows so far.</param>
    public static Task<T> RunAsync<T>(string name, long rows, Func<Action<long>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return work(static _ => { });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RowsColumn(),
                new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(Printable.Short(name, 40)), maxValue: Math.Max(1, rows));
                return work(done => task.Value = done);
            });
    }

    private sealed class RowsColumn : ProgressColumn
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var seconds = Math.Max(0.1, Stopwatch.GetElapsedTime(_began).TotalSeconds);
            return new Text(string.Create(CultureInfo.InvariantCulture,
                $"{task.Value:N0}/{task.MaxValue:N0} rows, {task.Value / seconds:N0} rows/s"));
        }
    }
}

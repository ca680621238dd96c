using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Uploads;

/// <summary>How far a long work is: on the error stream, and only when that is a terminal.</summary>
internal static class ProgressBar
{
    /// <param name="name">What is shown beside the bar.</param>
    /// <param name="size">Bytes in all.</param>
    /// <param name="work">Is given what takes the bytes so far.</param>
    public static Task<T> RunAsync<T>(string name, long size, Func<Action<long>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return work(static _ => { });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(Printable.Short(name, 40)), maxValue: size);
                return work(bytes => task.Value = bytes);
            });
    }
}

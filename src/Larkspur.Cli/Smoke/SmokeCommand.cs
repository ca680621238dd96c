using System.Diagnostics;
using Larkspur.Cli.Hosting;
using Spectre.Console;

namespace Larkspur.Cli.Smoke;

/// <summary><c>larkspur smoke</c>: the main job, end to end, on real hosts; one line per step with its latency.</summary>
internal static class SmokeCommand
{
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await using var stack = await LocalStack.StartAsync(freePorts: true, quiet: true, cancellation);
            Report("the emulator is ready", stack.EmulatorReady);
            Report("the gateway is ready", stack.GatewayReady);
            using var job = new MainJob(stack);
            foreach (var (name, step) in job.Steps())
            {
                var stepBegan = Stopwatch.GetTimestamp();
                try
                {
                    await step(cancellation);
                }
                catch (Exception error) when (error is SmokeFailure or HttpRequestException or TaskCanceledException or KeyNotFoundException or InvalidOperationException or NullReferenceException)
                {
                    AnsiConsole.MarkupLineInterpolated($"  [red]FAILED[/]  {name}");
                    AnsiConsole.MarkupLineInterpolated($"          {error.Message}");
                    return 1;
                }

                Report(name, Stopwatch.GetElapsedTime(stepBegan));
            }
        }
        catch (Exception error) when (error is SmokeFailure or IOException or InvalidOperationException)
        {
            AnsiConsole.MarkupLineInterpolated($"  [red]FAILED[/]  to start: {error.Message}");
            return 1;
        }

        AnsiConsole.MarkupLineInterpolated($"[green]The main job works.[/] {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s in all.");
        return 0;
    }

    private static void Report(string step, TimeSpan took) =>
        AnsiConsole.MarkupLineInterpolated($"  [green]ok[/] {took.TotalMilliseconds,7:0} ms  {step}");
}

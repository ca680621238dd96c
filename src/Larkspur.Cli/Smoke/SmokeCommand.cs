using System.Diagnostics;
using Larkspur.Cli.Hosting;
using Spectre.Console;

namespace Larkspur.Cli.Smoke;

/// <summary><c>larkspur smoke</c>: the main job, the business system's, the assistant's and the directory's, end to end, on real hosts; one line per step with its latency.</summary>
internal static class SmokeCommand
{
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await using var stack = await LocalStack.StartAsync(forSmoke: true, cancellation);
            Report("the emulator is ready", stack.EmulatorReady);
            Report("the gateway is ready", stack.GatewayReady);
            using var job = new MainJob(stack);
            await using var business = new BusinessJob(stack);
            using var assistant = new AssistantJob(stack);
            using var directory = new DirectoryJob(stack);
            using var signIn = new SignInJob(stack);
            using var ownName = new OwnNameJob(stack);
            await using var sync = new SyncJob(stack);
            foreach (var (name, step) in job.Steps().Concat(business.Steps()).Concat(assistant.Steps()).Concat(directory.Steps())
                .Concat(signIn.Steps()).Concat(ownName.Steps()).Concat(sync.Steps()))
            {
                var stepBegan = Stopwatch.GetTimestamp();
                try
                {
                    await step(cancellation);
                }
                catch (Exception error) when (!cancellation.IsCancellationRequested)
                {
                    // Whatever a step throws, it is this step that failed.
                    AnsiConsole.MarkupLineInterpolated($"  [red]FAILED[/]     {name}");
                    AnsiConsole.MarkupLineInterpolated($"             {(error is SmokeFailure or HttpRequestException ? error.Message : $"{error.GetType().Name}: {error.Message}")}");
                    await SmokeTrace.PrintAsync(stack, CancellationToken.None);
                    return 1;
                }

                Report(name, Stopwatch.GetElapsedTime(stepBegan));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            AnsiConsole.WriteLine("Stopped.");
            return StartFailure.Interrupted;
        }
        catch (Exception error) when (StartFailure.IsKnown(error))
        {
            return StartFailure.Tell(error);
        }

        AnsiConsole.MarkupLineInterpolated($"[green]The main job works.[/] {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s in all.");
        return 0;
    }

    private static void Report(string step, TimeSpan took) =>
        AnsiConsole.MarkupLineInterpolated($"  [green]ok[/] {took.TotalMilliseconds,7:0} ms  {step}");
}

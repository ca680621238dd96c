namespace Larkspur.Bench.Running;

/// <summary>One call of the program.</summary>
internal static class BenchRun
{
    /// <returns>0 measured; 1 could not be measured; 2 the call makes no sense.</returns>
    public static async Task<int> RunAsync(string? name, BenchOptions options, FileInfo? json, CancellationToken cancellation)
    {
        if (name is null)
        {
            Console.WriteLine("Usage: ./larkspur bench NAME [--seconds N] [--rounds N] [--connections N] [--messages N] [--events N] [--chats N] [--kills N] [--freezes N] "
                + "[--network-faults N] [--people N] [--platform NAME] [--db sqlite|postgresql] [--processes N] [--json FILE]");
            Console.WriteLine();
            foreach (var benchmark in Benchmarks.All) Console.WriteLine($"  {benchmark.Name,-10} {benchmark.Summary}");
            return 0;
        }

        if (Benchmarks.All.FirstOrDefault(b => b.Name == name) is not { } chosen)
        {
            Console.Error.WriteLine($"larkspur bench: there is no \"{name}\"; there is {string.Join(", ", Benchmarks.All.Select(b => b.Name))}.");
            return 2;
        }

        if (options.Problem is { } problem)
        {
            Console.Error.WriteLine($"larkspur bench: {problem}.");
            return 2;
        }

        var report = new Report(chosen.Name, options);
        try
        {
            await report.MachineAsync(cancellation);
            await chosen.RunAsync(options, report, cancellation);
            if (json is not null) await report.SaveAsync(json, cancellation);
            return 0;
        }
        catch (BenchException e)
        {
            Console.Error.WriteLine($"larkspur bench {chosen.Name}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
    }
}

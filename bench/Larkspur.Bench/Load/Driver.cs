using System.Diagnostics;
using System.Text.Json;

namespace Larkspur.Bench.Load;

/// <summary>The load generator, a process of its own: reads a plan, makes the requests, says that it is ready, and sends when told.</summary>
internal static class Driver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        var plan = JsonSerializer.Deserialize<LoadPlan>((await input.ReadLineAsync())!)!;
        var requests = new RequestForge(plan).Make();
        Schedule schedule = plan.Rate is null ? new ClosedLoop(plan, requests) : new PacedLoop(plan, requests);
        var connections = Enumerable.Range(0, plan.Connections).Select(_ => new LoadConnection(plan.Port, schedule)).ToList();
        GC.Collect();
        await output.WriteLineAsync("ready");
        await output.FlushAsync();
        await input.ReadLineAsync();

        string? problem = null;
        var before = Environment.CpuUsage.TotalTime;
        try
        {
            schedule.Begin(connections);
            await schedule.Done.WaitAsync(TimeSpan.FromSeconds(plan.Seconds) + Patience);
        }
        catch (LoadException e)
        {
            problem = e.Message;
        }
        catch (TimeoutException)
        {
            problem = $"requests were still unanswered {Patience.TotalSeconds:0} s after the last one was due";
        }

        var cpu = Environment.CpuUsage.TotalTime - before;
        await output.WriteLineAsync(JsonSerializer.Serialize(schedule.Result(cpu, problem)));
        foreach (var connection in connections) connection.Dispose();
        return 0;
    }
}

using System.Globalization;

namespace Larkspur.Testing.Chaos;

/// <summary>What processes hold that have nothing to do any more: permits, waiters, streams, answers, files without a name; and what they leave
/// when they end.</summary>
internal static class Remains
{
    /// <summary>Gauges that stand at nothing when all is done.</summary>
    private static readonly string[] Gauges =
        ["larkspur_outbox_permits", "larkspur_clicks_waiting", "larkspur_streams_open", "larkspur_assistant_running"];

    /// <summary>Far more than the processes of a run need, and far less than one that forgets nothing.</summary>
    private const long MostMegabytes = 1_200;

    /// <summary>What a running process holds.</summary>
    /// <param name="address">Where the gateway listens.</param>
    /// <param name="process">The process that it is.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static async Task<IReadOnlyList<string>> FindHeldAsync(Uri address, int process, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var page = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation);
        var lines = page.Split('\n').Where(line => Gauges.Any(gauge => line.StartsWith(gauge, StringComparison.Ordinal))).ToArray();
        List<string> held = [.. lines.Where(line => !line.EndsWith(" 0",
            StringComparison.Ordinal)).Select(line => $"Process {process} still has {line}")];
        // A gauge that is not there would hide what it is to show.
        held.AddRange(Gauges.Where(gauge => !lines.Any(line => line.StartsWith(gauge,
            StringComparison.Ordinal))).Select(gauge => $"There is no {gauge}"));
        held.AddRange(DeletedFiles(process).Select(file => $"Process {process} holds {file}"));
        if (Megabytes(process) is var megabytes and > MostMegabytes) held.Add($"Process {process} has {megabytes} MB");
        return held;
    }

    /// <summary>The memory that it has at the moment, in MB.</summary>
    public static long Megabytes(int process)
    {
        const string Name = "VmRSS:";
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Temporary files that are open and have no name: there while something passes through.</summary>
    private static IEnumerable<string> DeletedFiles(int process)
    {
        foreach (var descriptor in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
        {
            string? target;
            try
            {
                target = new FileInfo(descriptor).LinkTarget;
            }
            catch (IOException)
            {
                continue; // closed meanwhile
            }

            // Elsewhere a program may stand that was replaced while it runs.
            if (target?.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) == true && target.EndsWith(" (deleted)", StringComparison.Ordinal))
                yield return target;
        }
    }
}

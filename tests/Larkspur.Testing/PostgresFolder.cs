using System.Diagnostics;

namespace Larkspur.Testing;

/// <summary>A cluster's folder, and the watch that ends the server and deletes the folder when this process is gone.</summary>
/// <remarks>
/// The watch is a shell that reads from a pipe which only this process holds open: the pipe ends with the process, also by SIGKILL. A parent-death
/// signal would not do, because Linux sends it at the end of the thread that started the child.
/// </remarks>
internal sealed class PostgresFolder : IAsyncDisposable
{
    private const string WatchScript = """
        trap '' INT TERM HUP
        cat >/dev/null
        pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd" 2>/dev/null || echo "$1/data")" = "$1/data" ]; then
          kill -QUIT "$pid" 2>/dev/null
          n=0
          while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
          kill -KILL "$pid" 2>/dev/null
        fi
        rm -rf -- "$1"
        """;

    private readonly Process _watch;

    private PostgresFolder(string path, Process watch) => (Path, _watch) = (path, watch);

    public string Path { get; }

    /// <summary>The server's process, by its own file; null when none runs.</summary>
    public int? ServerProcessId
    {
        get
        {
            if (!File.Exists(PidFile) || !int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out var pid)) return null;
            return ProcEntries.Of(pid) is { State: not 'Z' } ? pid : null;
        }
    }

    private string PidFile => System.IO.Path.Combine(Path, "data", "postmaster.pid");

    public static async Task<PostgresFolder> CreateAsync(PostgresPrograms programs)
    {
        var path = Directory.CreateTempSubdirectory("larkspur-pg-").FullName;
        var start = new ProcessStartInfo("sh", ["-c", WatchScript, "larkspur-pg-watch", path]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        var folder = new PostgresFolder(path, Process.Start(start)!);
        await programs.OwnAsync(path);
        return folder;
    }

    public async Task KillServerAsync()
    {
        if (ServerProcessId is not { } server) throw new InvalidOperationException("The server is not running.");
        var children = Children(server);
        // The father first: seeing a child die he would only start his recovery.
        Kill(server);
        foreach (var child in children) Kill(child);
        await ProcEntries.GoneAsync([server, .. children]);
        // Until its new parent has buried it, a dead server still counts as running for the next one. All of it has ended: its locks may go.
        File.Delete(PidFile);
        foreach (var socket in Directory.EnumerateFiles(Path, ".s.PGSQL.*")) File.Delete(socket);
    }

    public async ValueTask DisposeAsync()
    {
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync();
        _watch.Dispose();
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    private static int[] Children(int parent) => [.. ProcEntries.All().Where(p => p.Parent == parent).Select(p => p.Id)];
}

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Larkspur.Testing;

/// <summary>PostgreSQL's own programs, run as a user that PostgreSQL accepts.</summary>
internal sealed class PostgresPrograms
{
    private const string Package = "/usr/lib/postgresql";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string[] _as;

    private PostgresPrograms(string folder, string[] asUser) => (_folder, _as) = (folder, asUser);

    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or its user is missing.</exception>
    public static PostgresPrograms Find()
    {
        var folder = FindFolder() ?? throw new InvalidOperationException(
            $"PostgreSQL is missing: no initdb in PATH or under {Package}/*/bin. ./larkspur test installs it on Debian; elsewhere put PostgreSQL 13 or newer into PATH.");
        if (!Environment.IsPrivilegedProcess) return new PostgresPrograms(folder, []);
        // PostgreSQL refuses root. The package made a user for it; one of our own would outlive the tests.
        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)))
            throw new InvalidOperationException("The tests run as root, PostgreSQL does not, and the user postgres does not exist: install the Debian package postgresql, or run the tests as another user.");
        return new PostgresPrograms(folder, ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }

    /// <summary>Gives a folder and what is in it to the user that PostgreSQL runs as.</summary>
    public async Task OwnAsync(string path)
    {
        if (_as.Length > 0) await ToEndAsync("chown", ["-R", "postgres:postgres", path], path, null, null);
    }

    /// <summary>Runs a program of PostgreSQL to its end.</summary>
    /// <param name="failure">What else there is to say when it fails.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Task<string> RunAsync(string program, string[] arguments, string folder, IReadOnlyDictionary<string, string>? environment = null, Func<string>? failure = null)
    {
        string[] line = [.. _as, Path.Combine(_folder, program), .. arguments];
        return ToEndAsync(line[0], line[1..], folder, environment, failure);
    }

    private static async Task<string> ToEndAsync(string program, string[] arguments, string folder, IReadOnlyDictionary<string, string>? environment, Func<string>? failure)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path.GetFileName(program)} did not end within {Bound.TotalMinutes} min:\n{output}{failure?.Invoke()}");
        }

        lock (output)
        {
            return process.ExitCode == 0
                ? output.ToString()
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{failure?.Invoke()}");
        }

        void Append(string? line)
        {
            if (line is null) return;
            lock (output) output.AppendLine(line);
        }
    }

    private static string? FindFolder()
    {
        // The real place behind a link in PATH: only there do the programs stand together.
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var found = new FileInfo(Path.Combine(folder, "initdb"));
            if (!found.Exists) continue;
            var real = found.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found.FullName;
            if (Complete(Path.GetDirectoryName(real)!)) return Path.GetDirectoryName(real);
        }

        return !Directory.Exists(Package) ? null : Directory.EnumerateDirectories(Package)
            .Select(version => (Folder: Path.Combine(version, "bin"), Version: double.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var v) ? v : 0))
            .Where(v => Complete(v.Folder))
            .OrderByDescending(v => v.Version)
            .Select(v => v.Folder)
            .FirstOrDefault();
    }

    private static bool Complete(string folder) => ((string[])["initdb", "postgres", "pg_ctl", "psql"]).All(p => File.Exists(Path.Combine(folder, p)));
}

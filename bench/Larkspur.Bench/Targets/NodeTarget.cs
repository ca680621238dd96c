using System.Diagnostics;
using Larkspur.Bench.Load;
using Larkspur.Bench.Running;

namespace Larkspur.Bench.Targets;

/// <summary>(b) The platform's own Node SDK: its dispatcher behind Node's http server, an empty handler, no storage.</summary>
internal sealed class NodeTarget : Target
{
    private NodeTarget(int port, ChildProcess process) : base("(b) Node SDK dispatcher, no storage", port, process)
    {
    }

    /// <returns>Null when Node.js is not installed.</returns>
    public static async Task<NodeTarget?> StartAsync(ScratchFolder folder, CancellationToken cancellation)
    {
        if (await Machine.VersionAsync("node", "--version", cancellation) is null) return null;
        await InstallAsync(cancellation);
        var port = FreePort();
        var environment = new Dictionary<string, string>
        {
            ["PORT"] = port.ToString(),
            ["EVENT_PATH"] = RequestForge.Path,
            ["FEISHU_ENCRYPT_KEY"] = RequestForge.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = RequestForge.VerificationToken,
            ["NODE_ENV"] = "production",
        };
        var process = ChildProcess.Start(folder.File("node.log"), environment, "node", Path.Combine(Repository.Peers, "node-dispatcher.mjs"));
        var target = new NodeTarget(port, process);
        await process.ReadyAsync(Address(port, "/handled"), cancellation);
        return target;
    }

    /// <summary>Its dispatcher answers 200 also when the signature is wrong, so the statuses prove nothing: the handler counts.</summary>
    public override async Task<string> AuditAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var handled = long.Parse(await http.GetStringAsync(Address(Port, "/handled"), cancellation));
        if (handled != Answered) throw new BenchException($"the Node SDK answered {Answered} events and handled {handled}");
        await Process.KillAsync();
        return $"{Name}: {Answered:#,0} answers with 200, as many calls of its handler";
    }

    private static async Task InstallAsync(CancellationToken cancellation)
    {
        var installed = new FileInfo(Path.Combine(Repository.Peers, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Repository.Peers, "package-lock.json"))) return;
        using var npm = System.Diagnostics.Process.Start(new ProcessStartInfo("npm", ["ci", "--prefer-offline", "--silent", "--no-audit", "--no-fund"]) { WorkingDirectory = Repository.Peers })!;
        await npm.WaitForExitAsync(cancellation);
        if (npm.ExitCode != 0) throw new BenchException($"npm ci failed in {Repository.Peers} with {npm.ExitCode}");
    }
}

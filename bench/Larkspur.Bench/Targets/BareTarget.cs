using Larkspur.Bench.Running;

namespace Larkspur.Bench.Targets;

/// <summary>(a) The bare server as a process.</summary>
internal sealed class BareTarget : Target
{
    private BareTarget(int port, ChildProcess process) : base("(a) bare Kestrel, reads the body", port, process)
    {
    }

    public static async Task<BareTarget> StartAsync(ScratchFolder folder, CancellationToken cancellation)
    {
        var (target, _) = await StartTimedAsync(folder, cancellation);
        return target;
    }

    public static async Task<(BareTarget Target, TimeSpan Took)> StartTimedAsync(ScratchFolder folder, CancellationToken cancellation)
    {
        var port = FreePort();
        var process = ChildProcess.Start(folder.File("bare.log"), null, "dotnet", Path.Combine(AppContext.BaseDirectory, "Larkspur.Bench.dll"), "role-bare", port.ToString());
        var target = new BareTarget(port, process);
        return (target, await process.ReadyAsync(Address(port, "/health/ready"), cancellation));
    }

    public override async Task<string> AuditAsync(CancellationToken cancellation)
    {
        await Process.KillAsync();
        return $"{Name}: {Answered:#,0} answers with 200; it keeps nothing";
    }
}

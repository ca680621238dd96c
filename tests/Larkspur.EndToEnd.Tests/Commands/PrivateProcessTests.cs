using System.Globalization;
using System.Runtime.Versioning;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>What a process makes, no other user of the machine may open, whatever the shell's umask was.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-umask-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_started_gateway_has_closed_its_umask_and_made_a_key_outside_its_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The kernel tells a process's umask on Linux");
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data);
        var key = Path.Combine(_folder, "keys", "master.key");
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = GatewayProcess.Start(emulator, GatewayProcess.FreeAddress(), data,
            new Dictionary<string, string> { ["LARKSPUR_MASTER_KEY"] = "", ["LARKSPUR_MASTER_KEY_FILE"] = key },
                ["sh", "-c", "umask 0; exec \"$@\"", "sh"]);
        await gateway.ReadyAsync(cancellation: TestContext.Current.CancellationToken);
        var status = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{gateway.Id}/status"),
            TestContext.Current.CancellationToken);
        Assert.Equal("0077", status.Single(l => l.StartsWith("Umask:", StringComparison.Ordinal)).Split('\t')[1]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.All(Directory.EnumerateFiles(data), file =>
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file))));
    }
}

using System.Runtime.Versioning;
using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Another user of the machine reads the data folder.</summary>
[UnsupportedOSPlatform("windows")]
[Trait("Database", "PostgreSQL")]
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Wide = Folder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode WideFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Others = Wide & ~Folder;

    private readonly string _root = Directory.CreateTempSubdirectory("larkspur-modes-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task What_the_gateway_makes_is_closed_to_others_and_what_stood_open_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are Unix's");
        var data = Path.Combine(_root, "data");
        Directory.CreateDirectory(data, Wide);
        File.SetUnixFileMode(data, Wide);
        await File.WriteAllTextAsync(Path.Combine(data, "larkspur.json"), "{}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(data, "larkspur.json"), WideFile);
        await using (var first = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: data)) Closed(first);

        // As an earlier version left them.
        File.SetUnixFileMode(data, Wide);
        foreach (var file in Files(data)) File.SetUnixFileMode(file, WideFile);
        await using var second = await GatewayApp.StartAsync("http://127.0.0.1:1", dataFolder: data);
        Closed(second);
    }

    [Fact]
    public async Task The_doctor_names_what_is_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are Unix's");
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        Assert.Equal("ok", (await CheckAsync(gateway)).GetProperty("status").GetString());
        File.SetUnixFileMode(gateway.DataFolder, Wide);
        var found = await CheckAsync(gateway);
        Assert.Equal("failed", found.GetProperty("status").GetString());
        Assert.Contains(gateway.DataFolder, found.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("0755", found.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<System.Text.Json.JsonElement> CheckAsync(GatewayApp gateway)
    {
        var run = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/doctor/run", new { checks = new[] { "files" } });
        Assert.True(run.Status == 200, run.ToString());
        return run.Body.GetProperty("checks")[0];
    }

    private static void Closed(GatewayApp gateway)
    {
        Assert.Equal(Folder, File.GetUnixFileMode(gateway.DataFolder));
        var files = Files(gateway.DataFolder).ToArray();
        // SQLite has its two files while it is open, and the gateway its lock.
        if (!GatewayApp.IsPostgres) Assert.Equal(4, files.Count(f =>
            Path.GetFileName(f).StartsWith("larkspur.db", StringComparison.Ordinal)));
        Assert.All(files, file => Assert.Equal((file, UnixFileMode.None), (file, File.GetUnixFileMode(file) & Others)));
    }

    private static IEnumerable<string> Files(string data) => Directory.EnumerateFiles(data, "larkspur*");
}

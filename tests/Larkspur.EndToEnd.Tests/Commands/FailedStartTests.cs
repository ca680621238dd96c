using System.Net;
using System.Net.Sockets;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>What a person reads when a command cannot start: a sentence that names the setting, never a stack, and an exit code that is not 0.</summary>
public sealed class FailedStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-start-").FullName;

    [Theory]
    [InlineData("run")]
    [InlineData("emulator")]
    [InlineData("demo")]
    public async Task A_port_in_use_is_named_with_the_settings_that_choose_another(string verb)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var (exitCode, output) = await RunAsync(verb, new() { ["LARKSPUR_GATEWAY_URLS"] = taken, ["LARKSPUR_EMULATOR_URLS"] = taken });
        Assert.Equal(1, exitCode);
        Assert.Contains(taken, output, StringComparison.Ordinal);
        Assert.Contains("LARKSPUR_GATEWAY_URLS", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "FEISHU_APP_SECRET")]
    [InlineData("run", "LARKSPUR_API_KEY")]
    [InlineData("demo", "LARKSPUR_API_KEY")]
    [InlineData("smoke", "LARKSPUR_API_KEY")]
    public async Task A_bad_setting_is_named(string verb, string setting)
    {
        var free = GatewayProcess.FreeAddress().ToString();
        var (exitCode, output) = await RunAsync(verb, new()
        {
            ["LARKSPUR_GATEWAY_URLS"] = free, ["LARKSPUR_EMULATOR_URLS"] = GatewayProcess.FreeAddress().ToString(), ["LARKSPUR_API_KEY"] = "x", ["FEISHU_APP_ID"] = "cli_x",
        });
        Assert.Equal(1, exitCode);
        Assert.Contains(setting, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_is_no_setting_is_refused()
    {
        var (exitCode, output) = await ToolProcess.DotnetAsync("larkspur.dll", "run", "LARKSPUR_DATA=/var/lib/larkspur");
        Assert.Equal(2, exitCode);
        Assert.Contains("--NAME value", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/LARKSPUR_API_KEY=hush-hush")]
    [InlineData("-LARKSPUR_API_KEY=hush-hush")]
    [InlineData("LARKSPUR_API_KEY=hush-hush")]
    [InlineData("--LARKSPUR_API_KEY", "hush-hush", "hush-too")]
    public async Task A_secret_among_the_arguments_is_named_and_not_repeated(params string[] args)
    {
        var (exitCode, output) = await ToolProcess.DotnetAsync("larkspur.dll", ["run", .. args]);
        Assert.Equal(1, exitCode);
        Assert.Contains("LARKSPUR_API_KEY: a secret does not belong", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>With a master key: a start that gets far enough would make one in the home of whoever runs the tests.</summary>
    private Task<(int ExitCode, string Output)> RunAsync(string verb, Dictionary<string, string> environment) =>
        ToolProcess.AnyAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), verb],
            new Dictionary<string, string>(environment) { ["LARKSPUR_MASTER_KEY"] = GatewayApp.MasterKey }, _folder);
}

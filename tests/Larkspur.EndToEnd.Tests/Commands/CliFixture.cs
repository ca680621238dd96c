using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>The command against a real gateway and the emulator; the tests of a class share them.</summary>
public sealed class CliFixture : IAsyncLifetime
{
    public EmulatorApp Emulator { get; private set; } = null!;

    public GatewayApp Gateway { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("larkspur-cli-").FullName;

    public async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorApp.StartAsync();
        Gateway = await GatewayApp.StartAsync(Emulator.BaseUrl.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Emulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public Task<CliRun> RunAsync(params string[] arguments) => Cli.RunAsync(arguments, Folder, Gateway.Address.ToString());

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(Folder, name), bytes);
        return name;
    }

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));
}

/// <summary>A run of the command that has ended.</summary>
public sealed record CliRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The output as one JSON document; fails when anything else is there.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

    /// <summary>The output as one document per line.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Errors}";

    /// <summary>Fails unless the run ended so, and said this.</summary>
    public CliRun Is(int exitCode, string? words = null)
    {
        Assert.True(exitCode == ExitCode && (words is null || (Output + Errors).Contains(words, StringComparison.Ordinal)), $"wanted {exitCode} and \"{words}\": {this}");
        Assert.DoesNotContain("   at ", Output + Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', Output + Errors);
        return this;
    }
}

/// <summary>The command as a process, its two streams apart.</summary>
internal static class Cli
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static string Program => Path.Combine(AppContext.BaseDirectory, "larkspur.dll");

    public static async Task<CliRun> RunAsync(string[] arguments, string folder, string? gateway = null, string? key = null, string? input = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start("dotnet", [Program, .. arguments], folder, gateway, key, environment);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    public static Process Start(string program, IEnumerable<string> arguments, string folder, string? gateway, string? key = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["LARKSPUR_GATEWAY_URLS"] = gateway ?? "";
        start.Environment["LARKSPUR_EMULATOR_URLS"] = "";
        start.Environment["LARKSPUR_URL"] = "";
        // Contexts are the test's own, not those of whoever runs it.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(folder, ".config");
        start.Environment["LARKSPUR_API_KEY"] = key ?? GatewayApp.ApiKey;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<CliRun> EndAsync(Process process)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bounded.CancelAfter(Bound);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(bounded.Token), process.StandardError.ReadToEndAsync(bounded.Token));
            await process.WaitForExitAsync(bounded.Token);
            return new CliRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"larkspur did not end within {Bound.TotalSeconds} s.");
        }
    }
}

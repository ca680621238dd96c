using System.Collections.Concurrent;
using Larkspur.Emulator.State;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>The command against a gateway with everything switched on that business systems use, the emulator, and a business system that takes webhooks; the tests of a class share them.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<CliRun> _runs = new();

    public EmulatorApp Emulator { get; private set; } = null!;

    public GatewayApp Gateway { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("larkspur-admin-").FullName;

    /// <summary>All that was printed so far, and all that the gateway logged.</summary>
    public string Seen => string.Join('\n', _runs) + Gateway.Logs.Text;

    internal BusinessSystem Business { get; private set; } = null!;

    /// <summary>Where the business system takes webhooks.</summary>
    public string BusinessAddress => Business.Settings()["Larkspur__Webhooks__mica__Url"];

    public async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorApp.StartAsync();
        Business = await BusinessSystem.StartAsync();
        Gateway = await GatewayApp.StartAsync(Emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        await Emulator.SetCallbackAsync(new Uri(Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        (await RunAsync("settings", "set", "auth.feishu.enabled=true", "auth.feishu.notify_on_pr=true", "auth.feishu.notify_on_approval=true", "auth.feishu.payment_workflow=true",
            $"auth.feishu.approval_code={SeededCompany.PaymentApprovalCode}")).Is(0, "auth.feishu.payment_workflow: true");
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Business.DisposeAsync();
        await Emulator.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public Task<CliRun> RunAsync(params string[] arguments) => RunAsync(arguments, null);

    public async Task<CliRun> RunAsync(string[] arguments, string? input, string? key = null)
    {
        var run = await Cli.RunAsync(arguments, Folder, Gateway.Address.ToString(), key, input);
        _runs.Enqueue(run);
        return run;
    }

    /// <summary>Runs it until its JSON is as it is to be; the last answer.</summary>
    public async Task<CliRun> UntilAsync(Predicate<CliRun> holds, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var run = await RunAsync([.. arguments, "--json"]);
            if (run.ExitCode == 0 && holds(run)) return run;
            Assert.False(deadline.IsCancellationRequested, $"{string.Join(' ', arguments)} stays as it is: {run}");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name), text);
        return name;
    }
}

using System.Diagnostics;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>The company whose gateways a run strikes: all that it does with them at once.</summary>
internal sealed class Company : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private readonly BusinessSystem _mica;
    private readonly IReadOnlyList<ILoad> _loads;
    private readonly GatewayCalls _gateway;

    private Company(BusinessSystem mica, IReadOnlyList<ILoad> loads, GatewayCalls gateway) =>
        (_mica, _loads, _gateway) = (mica, loads, gateway);

    /// <summary>How much there was of each, for the report.</summary>
    public IReadOnlyList<string> Figures => [.. _loads.Select(load => load.Figures)];

    /// <summary>Environment variables that the gateways need for all of it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings => _mica.Settings().Concat(_loads.SelectMany(load => load.Settings));

    /// <param name="plan">What of it there is.</param>
    /// <param name="emulator">The platforms.</param>
    /// <param name="gateways">Who serves it; not started yet.</param>
    /// <param name="crowd">Who writes besides.</param>
    public static async Task<Company> StartAsync(ChaosPlan plan, EmulatorApp emulator, GatewayGroup gateways, Crowd crowd)
    {
        var mica = await BusinessSystem.StartAsync();
        List<ILoad> loads = [];
        if (plan.Cards > 0) loads.Add(new ChangedCards(emulator, gateways.Rows, plan.Cards, plan.Seed + 2));
        if (plan.HasBusiness)
        {
            loads.Add(new Requisitions(emulator, mica));
            loads.Add(new Payments(emulator, mica));
            loads.Add(new WrittenCards(emulator));
            loads.Add(await ForwardedEvents.StartAsync(emulator, () => crowd.Said));
        }

        if (plan.HasQuestions) loads.Add(new Questions(emulator, gateways.Rows));
        return new Company(mica, loads, new GatewayCalls(gateways.Address, plan.Stall));
    }

    /// <inheritdoc cref="ILoad.PrepareAsync"/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        foreach (var load in _loads) await load.PrepareAsync(_gateway, cancellation);
    }

    /// <inheritdoc cref="ILoad.WorkAsync"/>
    public Task WorkAsync(CancellationToken enough, CancellationToken cancellation) =>
        Task.WhenAll(_loads.Select(load => load.WorkAsync(_gateway, enough, cancellation)));

    /// <summary>What is still wrong after some patience.</summary>
    /// <param name="patience">How long each load may take to come to its end.</param>
    /// <param name="tell">Hears what is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<string>> FindWrongAsync(TimeSpan patience, Action<string> tell, CancellationToken cancellation)
    {
        List<string> wrong = [];
        foreach (var load in _loads) wrong.AddRange(await FindWrongAsync(load.FindWrongAsync, patience, tell, cancellation));
        return wrong;
    }

    /// <summary>Looks again as long as something is wrong, for a while.</summary>
    public static async Task<IReadOnlyList<string>> FindWrongAsync(
        Func<CancellationToken, Task<IReadOnlyList<string>>> look, TimeSpan patience, Action<string> tell, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        var told = "";
        using var ticks = new PeriodicTimer(Tick);
        while (true)
        {
            var wrong = await look(cancellation);
            if (wrong.Count == 0 || Stopwatch.GetElapsedTime(since) > patience) return wrong;
            if (told != wrong[0]) tell($"{wrong.Count:N0} times not yet: {told = wrong[0]}");
            await ticks.WaitForNextTickAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        foreach (var load in _loads) await load.DisposeAsync();
        await _mica.DisposeAsync();
    }
}

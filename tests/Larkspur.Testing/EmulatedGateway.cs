using System.Data.Common;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Testing;

/// <summary>A gateway beside the emulated platforms, for the length of a test. A fixture adds what its tests do there.</summary>
public abstract class EmulatedGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmulatedGatewaySetup _setup;
    private readonly List<IAsyncDisposable> _owned;

    /// <param name="setup">By which the two were started.</param>
    /// <param name="running">The two.</param>
    /// <param name="owned">What ends after them.</param>
    protected EmulatedGateway(EmulatedGatewaySetup setup, (EmulatorApp Emulator, GatewayApp Gateway) running, params IAsyncDisposable[] owned)
    {
        (_setup, Emulator, Gateway) = (setup, running.Emulator, running.Gateway);
        _owned = [.. owned];
        if (setup.Emulator is null) _owned.Insert(0, Emulator);
    }

    public EmulatorApp Emulator { get; }

    public GatewayApp Gateway { get; private set; }

    /// <summary>The gateway ends, and another process goes on where it left.</summary>
    /// <param name="settings">Of the other one; null: the same.</param>
    public async Task RestartAsync(Func<Uri, IEnumerable<KeyValuePair<string, string?>>>? settings = null)
    {
        await Gateway.StopAsync();
        Gateway = await (_setup with { DataFolder = Gateway.DataFolder, Settings = settings ?? _setup.Settings }).GatewayAsync(Emulator);
        if (_setup.Listens) await Emulator.ListensAsync(Gateway);
    }

    /// <summary>Changes settings of the gateway as the console does.</summary>
    public Task SetAsync(params (string Key, string? Value)[] values) => Gateway.Services.GetRequiredService<ISettings>()
        .ChangeAsync(Actor.System, values.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal), CancellationToken.None);

    /// <summary>Makes the platforms answer otherwise.</summary>
    public Task FaultAsync(object rule) => Emulator.ControlAsync(HttpMethod.Post, "faults", rule);

    /// <summary>Rows of the gateway's database.</summary>
    public Task<List<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> map) =>
        Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(sql, map));

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="TimeoutException">It did not; the message says what there was instead, and the end of the log.</exception>
    public async Task HoldsAsync(Func<Task<bool>> holds, string what = "it")
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            if (deadline.IsCancellationRequested)
            {
                var log = Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Category} {l.Message} {l.Exception}");
                throw new TimeoutException($"Waited in vain for {what}. {await ToldAsync()}\n{string.Join('\n', log)}");
            }

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string)"/>
    public Task HoldsAsync(Func<bool> holds, string what = "it") => HoldsAsync(() => Task.FromResult(holds()), what);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Gateway.DisposeAsync();
        foreach (var owned in _owned) await owned.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a wait in vain says beside the log: what the tests of the fixture look at.</summary>
    protected virtual Task<string> ToldAsync() => Task.FromResult("");

    /// <summary>Ends what hangs on the gateway.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;
}

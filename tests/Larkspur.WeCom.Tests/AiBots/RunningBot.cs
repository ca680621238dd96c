using System.Collections.Concurrent;
using Larkspur.WeCom.AiBots;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests.AiBots;

/// <summary>A bot's connection that runs against the stub until the test is over.</summary>
internal sealed class RunningBot : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public RunningBot(StubBotPlatform platform, AiBotHandler? handler = null, TimeProvider? clock = null, Action<AiBotOptions>? change = null, Random? random = null, IRateLimiter? rateLimiter = null)
    {
        Connection = new AiBotConnection(platform.Options(change), handler ?? ((_, _) => Task.CompletedTask), clock, Log, random ?? new NoJitter(), rateLimiter);
        Connection.StateChanged += _ => Changed();
        Log.Written += Changed;
        Task = Connection.RunAsync(_stop.Token);
    }

    private event Action Something = () => { };

    public AiBotConnection Connection { get; }

    public RecordingLog Log { get; } = new();

    /// <summary>Its run.</summary>
    public Task Task { get; }

    public void Stop() => _stop.Cancel();

    public Task ConnectedAsync(long connects = 1) => UntilAsync(() => Connection.Status is { IsConnected: true } status && status.Connects >= connects);

    /// <summary>Waits until something is so; looks again at each change of state and each line of the log.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (holds()) reached.TrySetResult();
        }

        Something += Look;
        Look();
        try
        {
            await reached.Task.WaitAsync(StubBotPlatform.Bound, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException e)
        {
            var lines = string.Join('\n', Log.Lines.TakeLast(20).Select(l => $"{l.Level} {l.Text}"));
            throw new TimeoutException($"Waited in vain; the connection: {Connection.Status}\n{lines}", e);
        }
        finally
        {
            Something -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(StubBotPlatform.Bound);
        _stop.Dispose();
    }

    private void Changed() => Something();
}

/// <summary>What was logged.</summary>
internal sealed class RecordingLog : ILogger<AiBotConnection>
{
    public event Action? Written;

    public ConcurrentQueue<(LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Values)> Lines { get; } = new();

    public IEnumerable<TimeSpan> Pauses => Lines.Where(l => l.Values.ContainsKey("Pause")).Select(l => (TimeSpan)l.Values["Pause"]!);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(p => p.Key, p => p.Value);
        Lines.Enqueue((logLevel, formatter(state, exception) + exception, values));
        Written?.Invoke();
    }
}

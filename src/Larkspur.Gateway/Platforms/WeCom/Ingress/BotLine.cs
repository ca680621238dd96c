using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;
using Larkspur.Sockets;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>One bot's long connection in this process, for as long as it is this process's.</summary>
/// <param name="bot">The bot.</param>
/// <param name="after">It begins once this has ended: the connection of the app before.</param>
/// <param name="clock">Measures the pauses.</param>
/// <param name="random">Jitter.</param>
/// <param name="secrets">Hides what the platform repeats.</param>
/// <param name="logger">Is told of refusals.</param>
internal sealed partial class BotLine(WeComBot bot, Task after, TimeProvider clock, Random random, SecretRegistry secrets, ILogger logger)
    : IDisposable
{
    /// <summary>After a refusal, or when another connection took the bot over: whoever comes back at once would throw the other one out for ever.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private Task _running = after;

    public WeComBot Bot { get; } = bot;

    /// <summary>This process is the one that has, or makes, the connection.</summary>
    public bool IsOurs
    {
        get { lock (_gate) return _stop is not null; }
    }

    /// <summary>As it is at this moment.</summary>
    public PlatformConnection Shown
    {
        get
        {
            var (status, isOurs) = (Bot.Connection.Status, IsOurs);
            return new PlatformConnection
            {
                Platform = WeComApps.Platform, App = Bot.App, Kind = "bot", State = isOurs ? Word(status.State) : "elsewhere",
                Since = status.ConnectedAt ?? status.Since, LastEventAt = status.LastDeliveryAt, Connects = status.Connects,
                Reason = isOurs && (Bot.Refusal ?? status.Problem) is { } reason ? secrets.Hide(reason) : null, IsRefused = isOurs && Bot.Refusal is not null,
            };
        }
    }

    public void Begin(CancellationToken stopping)
    {
        lock (_gate)
        {
            if (_stop is not null) return;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var (before, token) = (_running, _stop.Token);
            _running = Task.Run(async () =>
            {
                // The last one may still be saying what it had begun.
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await RunAsync(token);
            }, CancellationToken.None);
        }
    }

    /// <summary>Ends it; handlers at work still answer.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            if (_stop is { } ended)
            {
                _stop = null;
                // Not on the caller's thread: what ends with it is nothing to wait for here.
                _ = CancelAsync(ended);
            }

            return _running;
        }
    }

    public void Dispose() => _stop?.Dispose();

    private static string Word(SocketState state) => state switch
    {
        SocketState.Unproven or SocketState.Proven => "connected",
        SocketState.Connecting => "connecting",
        SocketState.Replaced => "replaced",
        _ => "stopped",
    };

    private static async Task CancelAsync(CancellationTokenSource ended)
    {
        await ended.CancelAsync();
        ended.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        for (var pause = FirstPause; !stop.IsCancellationRequested;)
        {
            try
            {
                await Bot.Connection.RunAsync(stop);
                return;
            }
            catch (AiBotConnectionException e)
            {
                Bot.Refusal = secrets.Hide(e.Message);
                if (e.Failure == AiBotConnectionFailure.Replaced) pause = LongestPause;
                NoConnection(Bot.App, e.Message, pause);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                Bot.Refusal = "internal error, see the log";
                ConnectionFailed(Bot.App, pause, e);
            }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
            await Task.Delay(pause * (0.75 + 0.5 * random.NextDouble()), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore CA5394
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            Bot.Refusal = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The bot of app {App} has no long connection and receives nothing: {Reason} Next try in about {Pause}")]
    private partial void NoConnection(string app, string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "The long connection of app {App}'s bot failed; next try in about {Pause}")]
    private partial void ConnectionFailed(string app, TimeSpan pause, Exception error);
}

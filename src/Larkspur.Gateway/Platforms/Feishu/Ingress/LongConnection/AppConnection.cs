using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;
using Larkspur.Gateway.Apps.Connections;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Redaction;
using Larkspur.Sockets;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>One app's long connection in this process: what comes over it goes the way of every delivery, and a refusal is no end of it.</summary>
internal sealed partial class AppConnection : IAppConnection
{
    private readonly EventIntake _intake;
    private readonly LongConnectionOptions _options;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly FeishuLongConnection _connection;
    private readonly Action _connected;
    private readonly SecretRegistry _secrets;
    private volatile string? _refusal;

    public AppConnection(FeishuApp app, EventIntake intake, LongConnectionOptions options, TimeProvider clock, Random random, ILoggerFactory loggers, SecretRegistry secrets,
        Action connected)
    {
        (App, _intake, _options, _clock, _random, _secrets, _connected) = (app.Name, intake, options, clock, random, secrets, connected);
        _logger = loggers.CreateLogger<AppConnection>();
        _connection = new FeishuLongConnection(app.Client.Options, TakeAsync,
            new FeishuLongConnectionOptions { Proxy = options.WebProxy, PongTimeout = options.PongTimeout }, clock, loggers.CreateLogger<FeishuLongConnection>(), random);
        _connection.StateChanged += Changed;
    }

    /// <summary>The app's name in the settings.</summary>
    public string App { get; }

    public SocketStatus Status => _connection.Status;

    /// <summary>Why there is no connection, or why the last one ended, in words that may be shown.</summary>
    public string? Reason => Refusal ?? (Status.Problem is { } problem ? _secrets.Hide(problem) : null);

    /// <summary>Why the platform lets no connection be made; null while it does.</summary>
    public string? Refusal => _refusal;

    /// <summary>What somebody has to look at, or null.</summary>
    public string? Problem
    {
        get
        {
            if (_refusal is { } refusal) return refusal;
            var status = Status;
            if (status.IsConnected || _clock.GetUtcNow() - status.Since < _options.Patience) return null;
            return $"no long connection since {status.Since:u}: {Reason ?? "not tried yet"}";
        }
    }

    /// <inheritdoc cref="FeishuLongConnection.ReportMissed"/>
    public bool ReportMissed(DateTimeOffset happenedAt) => _connection.ReportMissed(happenedAt);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var pause = _options.FirstPause; !stop.IsCancellationRequested; pause = pause * 2 < _options.LongestPause ? pause * 2 : _options.LongestPause)
        {
            var connects = Status.Connects;
            try
            {
                await _connection.RunAsync(stop);
                return;
            }
            catch (FeishuLongConnectionException e)
            {
                _refusal = _secrets.Hide(e.Message);
                if (Status.Connects != connects) pause = _options.FirstPause;
                NoConnection(App, e.Message, pause);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                _refusal = "internal error, see the log";
                ConnectionFailed(App, pause, e);
            }

            if (!await PauseAsync(pause, stop)) return;
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
            await Task.Delay(pause * (0.75 + 0.5 * _random.NextDouble()), _clock, stop);
#pragma warning restore CA5394
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Changed(SocketStatus status)
    {
        if (status.State != SocketState.Unproven) return;
        _refusal = null;
        _connected();
    }

    private async ValueTask<FeishuAck> TakeAsync(FeishuDelivery delivery, CancellationToken cancellation)
    {
        var taken = await _intake.TakeAsync(delivery, App, "long connection", _clock.GetTimestamp());
        if (taken.Event is not { } inbound) return FeishuAck.Failed;
        if (taken.Answer is { } given) return FeishuAck.Answer(CallbackAnswers.Write(given.Answer, inbound.Kind), given.SettleAsync);
        return inbound.Kind == EventKind.Event ? FeishuAck.Received : FeishuAck.Answer(CallbackAnswers.Write(null, inbound.Kind));
    }

    [LoggerMessage(LogLevel.Error, "App {App} has no long connection and receives nothing: {Reason} Next try in about {Pause}")]
    private partial void NoConnection(string app, string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "The long connection of app {App} failed; next try in about {Pause}")]
    private partial void ConnectionFailed(string app, TimeSpan pause, Exception error);
}

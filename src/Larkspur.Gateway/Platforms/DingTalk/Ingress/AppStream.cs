using Larkspur.DingTalk;
using Larkspur.DingTalk.StreamMode;
using Larkspur.Gateway.Apps.Connections;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;
using Larkspur.Sockets;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>One app's stream in this process: what comes over it is recorded before it is acknowledged, and a refusal of the platform's is no end of it.</summary>
internal sealed partial class AppStream : IAppConnection
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private readonly DingTalkApp _app;
    private readonly DingTalkIntake _intake;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly DingTalkStream _stream;
    private readonly SecretRegistry _secrets;
    private volatile string? _refusal;

    public AppStream(DingTalkApp app, DingTalkIntake intake, TimeProvider clock, Random random, ILoggerFactory loggers, SecretRegistry secrets)
    {
        (_app, _intake, _clock, _random, _secrets) = (app, intake, clock, random, secrets);
        _logger = loggers.CreateLogger<AppStream>();
        // Clicks need their topic switched on in the console: who has no card has none to switch on.
        string[] topics = app.Settings.CardTemplate is null ? [DingTalkTopics.RobotMessage] : [DingTalkTopics.RobotMessage, DingTalkTopics.CardCallback];
        _stream = new DingTalkStream(app.Client, TakeAsync, new DingTalkStreamOptions { Events = app.Settings.StreamEvents, Topics = topics }, loggers.CreateLogger<DingTalkStream>(), random);
        _stream.StateChanged += status =>
        {
            if (status.IsConnected) _refusal = null;
        };
    }

    public DingTalkApp App => _app;

    public SocketStatus Status => _stream.Status;

    /// <summary>Why the platform lets no stream be opened; null while it does.</summary>
    public string? Refusal => _refusal;

    /// <summary>As it is at this moment.</summary>
    public PlatformConnection Shown
    {
        get
        {
            var status = Status;
            return new PlatformConnection
            {
                Platform = DingTalkApps.Platform, App = App.Name, Kind = "stream", State = status.IsConnected ? "connected"
                    : status.State == SocketState.Connecting ? "connecting" : "stopped",
                Since = status.ConnectedAt ?? status.Since, LastEventAt = status.LastDeliveryAt, Connects = status.Connects, Reason = (Refusal ?? status.Problem) is { } reason ? _secrets.Hide(reason) : null, IsRefused = Refusal is not null,
            };
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var pause = FirstPause; !stop.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var connects = Status.Connects;
            try
            {
                await _stream.RunAsync(stop);
                return;
            }
            catch (DingTalkStreamException e)
            {
                _refusal = _secrets.Hide(e.Message);
                if (Status.Connects != connects) pause = FirstPause;
                NoStream(App.Name, e.Message, pause);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                _refusal = "internal error, see the log";
                StreamFailed(App.Name, pause, e);
            }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
            await Task.Delay(pause * (0.75 + 0.5 * _random.NextDouble()), _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
#pragma warning restore CA5394
        }
    }

    private async Task<DingTalkAck> TakeAsync(DingTalkDelivery delivery, CancellationToken cancellation)
    {
        if (await _intake.TakeAsync(delivery, _app, "stream", _clock.GetTimestamp()) is not { } taken) return DingTalkAck.Failed;
        return delivery.Kind == DingTalkDeliveryKind.CardCallback ? DingTalkAck.Answer(taken.Answer) with { AnswerSent = taken.Settle } : DingTalkAck.Received;
    }

    [LoggerMessage(LogLevel.Error, "DingTalk app {App} has no stream and receives nothing over one: {Reason} Next try in about {Pause}")]
    private partial void NoStream(string app, string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "The stream of DingTalk app {App} failed; next try in about {Pause}")]
    private partial void StreamFailed(string app, TimeSpan pause, Exception error);
}

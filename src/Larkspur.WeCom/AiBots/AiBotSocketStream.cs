namespace Larkspur.WeCom.AiBots;

/// <summary>An answer that grows, over the long connection: each frame is the whole text so far.</summary>
/// <remarks>Not for use by several threads at once. The last frame must be sent (<see cref="FinishAsync"/>), else the client shows the answer as unfinished until its time is over.</remarks>
public sealed class AiBotSocketStream
{
    private readonly AiBotConnection _connection;
    private readonly AiBotDelivery _delivery;
    private readonly TimeProvider _clock;
    private DateTimeOffset _lastFrame = DateTimeOffset.MinValue;
    private bool _finished;

    internal AiBotSocketStream(AiBotConnection connection, AiBotDelivery delivery, TimeProvider clock)
        => (_connection, _delivery, _clock, EndsAt) = (connection, delivery, clock, delivery.ReceivedAt + AiBotLimits.StreamLife);

    /// <summary>The stream's own id.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>After this the platform takes nothing.</summary>
    public DateTimeOffset EndsAt { get; }

    /// <summary>Shows the text so far. A frame that comes within 2.5 s of the last is left out: the next one has all of it.</summary>
    /// <param name="text">All of it, Markdown, at most 20,480 bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>True when a frame was sent.</returns>
    /// <exception cref="AiBotLimitException">Too long, or later than 6 minutes.</exception>
    /// <exception cref="PlatformNetworkException">There is no connection, or no acknowledgement came; the next frame may get through.</exception>
    public async Task<bool> WriteAsync(string text, CancellationToken cancellationToken = default)
    {
        AiBotAnswer frame = Frame(text, finish: false);
        if (_clock.GetUtcNow() - _lastFrame < AiBotLimits.FramePause) return false;
        await SendAsync(frame, cancellationToken);
        return true;
    }

    /// <summary>Shows the whole text for good.</summary>
    /// <inheritdoc cref="WriteAsync" path="/exception"/>
    public async Task FinishAsync(string text, CancellationToken cancellationToken = default)
    {
        await SendAsync(Frame(text, finish: true), cancellationToken);
        _finished = true;
    }

    private AiBotAnswer Frame(string text, bool finish)
    {
        if (_finished) throw new InvalidOperationException("The stream is finished.");
        if (_clock.GetUtcNow() >= EndsAt) throw new AiBotLimitException(AiBotLimit.StreamLife, "Six minutes after the message no frame is taken: send actively instead.");
        return AiBotAnswer.Stream(Id, text, finish);
    }

    private async Task SendAsync(AiBotAnswer frame, CancellationToken cancellationToken)
    {
        _lastFrame = _clock.GetUtcNow();
        await _connection.ReplyAsync("aibot_respond_msg", _delivery, frame.Json, AiBotLimits.ReplyWindow, cancellationToken);
    }
}

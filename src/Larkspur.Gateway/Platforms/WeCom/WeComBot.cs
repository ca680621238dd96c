using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>An AI bot over its long connection. Of all processes on a database one has it: <see cref="Ingress.WeCom.BotConnections"/> decides which.</summary>
internal sealed class WeComBot
{
    public WeComBot(string app, AiBotOptions options, IRateLimiter rateLimiter, TimeProvider clock, Random random, ILoggerFactory loggers)
    {
        (App, BotId) = (app, options.BotId);
        Connection = new AiBotConnection(options, TakeAsync, clock, loggers.CreateLogger<AiBotConnection>(), random, rateLimiter);
    }

    /// <summary>The app's name in the settings.</summary>
    public string App { get; }

    public string BotId { get; }

    public AiBotConnection Connection { get; }

    public bool IsConnected => Connection.Status.IsConnected;

    /// <summary>The partition whose holder has the connection.</summary>
    public int Partition => WeComLanes.PartitionOfBot(App);

    /// <summary>Why the platform lets no connection be made; null while it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>Takes what comes. Set before the connection is opened.</summary>
    public AiBotHandler? Receive { get; set; }

    private Task TakeAsync(AiBotDelivery delivery, CancellationToken cancellation) => Receive?.Invoke(delivery, cancellation) ?? Task.CompletedTask;
}

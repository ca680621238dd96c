namespace Larkspur.Bench.Streaming;

/// <summary>The rates of a tenant on both sides, and for how long answers are written.</summary>
/// <param name="Name">For people.</param>
/// <param name="Key">In the figures' names.</param>
/// <param name="PlatformFactor">In the emulator; 0 switches its limits off, but for the ten operations a second of each card.</param>
/// <param name="GatewayFactor">What the gateway is told.</param>
/// <param name="Seconds">How long each answer is written.</param>
internal sealed record StreamLimits(string Name, string Key, double PlatformFactor, double GatewayFactor, double Seconds)
{
    /// <summary>The app's limits off: what the gateway itself can do.</summary>
    public static StreamLimits Lifted { get; } = new("limits lifted", "lifted", 0, 100, 10);

    /// <summary>50 a second and 1,000 a minute for each API, as documented.</summary>
    public static StreamLimits Documented { get; } = new("50/s and 1,000/min", "documented", 1, 1, 60);
}

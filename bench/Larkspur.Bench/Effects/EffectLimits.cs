namespace Larkspur.Bench.Effects;

/// <summary>The rates of a tenant, on both sides, in parts of the documented 50 a second and 1,000 a minute for each API that sends.</summary>
/// <param name="Name">For people.</param>
/// <param name="PlatformFactor">In the emulator; 0 switches its limits off, those of a chat too.</param>
/// <param name="PlatformMinuteFactor">The same for the limit of a minute.</param>
/// <param name="GatewayFactor">What the gateway is told, at most 100.</param>
/// <param name="GatewayMinuteFactor">The same for the limit of a minute.</param>
/// <param name="PerLane">Messages a second to one chat; null: the gateway's default, which is what the platform takes.</param>
internal sealed record EffectLimits(string Name, double PlatformFactor, double PlatformMinuteFactor, double GatewayFactor, double GatewayMinuteFactor, int? PerLane)
{
    private const int PerSecond = 50;
    private const int PerMinute = 1000;

    /// <summary>The platform's limits off; the gateway's own at 5,000 a second and no limit of a minute below that.</summary>
    public static EffectLimits Lifted { get; } = new("limits lifted", 0, 0, 100, 100, 1000);

    /// <summary>50 a second, for longer than a minute.</summary>
    public static EffectLimits Second { get; } = new("50/s", 1, 3, 1, 3, null);

    /// <summary>As documented.</summary>
    public static EffectLimits Documented { get; } = new("50/s and 1,000/min", 1, 1, 1, 1, null);

    /// <summary>
    /// Seconds from the first to the last of so many messages for a sender who knows the future: a full window at once whenever one opens.
    /// </summary>
    public double Ideal(int messages)
    {
        var perMinute = (int)(PerMinute * PlatformMinuteFactor);
        var before = messages - 1;
        return 60.0 * (before / perMinute) + before % perMinute / (int)(PerSecond * PlatformFactor);
    }
}

namespace Larkspur.Feishu.Messaging;

/// <summary>How a custom bot is written to.</summary>
public sealed record CustomBotOptions
{
    /// <summary>The secret of the bot's security setting "signature"; null when that is off. Never logged.</summary>
    public string? Secret { get; init; }

    /// <summary>Tries in total when the platform says that it is too fast, or no connection is made; the first included.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Time for a message, waiting for its permit and retries included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for one try.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The transport; null: one shared by all bots, without redirects and cookies.</summary>
    public HttpClient? Http { get; init; }

    /// <summary>Time; null: the system's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Gives the permits. Null: one of this bot's own. Give all that write to one bot, or all processes, one to share.</summary>
    public IRateLimiter? RateLimiter { get; init; }

    /// <summary>Jitter of the pauses; null: the shared one.</summary>
    public Random? Random { get; init; }

    /// <summary>Not shown: the secret.</summary>
    public override string ToString() => $"custom bot options ({(Secret is null ? "not signed" : "signed")})";
}

namespace Larkspur.WeCom;

/// <summary>One self-built WeCom app.</summary>
public sealed class WeComOptions
{
    /// <summary>Corp ID, <c>ww…</c>. Required.</summary>
    public string CorpId { get; set; } = "";

    /// <summary>Agent ID of the app; application messages need it. Null for a secret without an app (address-book sync, customer service).</summary>
    public int? AgentId { get; set; }

    /// <summary>Secret of the app. Required; never logged. One token belongs to one secret: it cannot send for another app (301002).</summary>
    public string Secret { get; set; } = "";

    /// <summary>Token of the app's callback configuration, at most 32 letters and digits. Secret; null: no callbacks are received.</summary>
    public string? Token { get; set; }

    /// <summary>EncodingAESKey of the app's callback configuration, 43 characters. Secret; null: no callbacks are received.</summary>
    public string? EncodingAesKey { get; set; }

    /// <summary>Base address of the API; null: <c>https://qyapi.weixin.qq.com</c>.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Base address of the sign-in inside the client; null: <c>https://open.weixin.qq.com</c>, or <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? OAuthUrl { get; set; }

    /// <summary>Base address of the sign-in in a browser; null: <c>https://login.work.weixin.qq.com</c>, or <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? WebLoginUrl { get; set; }

    /// <summary>Total time for a call, waiting and retries included. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest a single try may take where another may follow. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries per call, the first included, where a retry is safe. Default 4; 1 switches retrying off.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The limits in parts of the documented ones, 0.01 to 100; default 1. Less than 1 leaves room for other programs of the same corp.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>How far a callback's timestamp may be from now, both ways. Default 5 min (the platform names no window; this one is ours).</summary>
    public TimeSpan CallbackWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a refused secret is not tried again. Default 5 min. The platform closes the whole address (IP) for an hour when a wrong secret keeps coming
    /// (45009, note 5 of page 90313), so a program that starts call after call must not ask each time.
    /// </summary>
    public TimeSpan RefusedSecretPause { get; set; } = TimeSpan.FromMinutes(5);
}

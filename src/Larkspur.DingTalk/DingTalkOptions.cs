namespace Larkspur.DingTalk;

/// <summary>One DingTalk app of a company (企业内部应用).</summary>
public sealed class DingTalkOptions
{
    /// <summary>Client ID, once called AppKey. Required.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Client Secret, once called AppSecret. Required; never logged. It also signs what a robot receives over HTTP.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Code of the app's robot (<c>robotCode</c>). Sending as the robot needs it.</summary>
    public string? RobotCode { get; set; }

    /// <summary>Agent id of the app. Work notices need it.</summary>
    public long? AgentId { get; set; }

    /// <summary>Token of the event subscription over HTTP, 3 to 32 letters and digits. Stream mode needs none.</summary>
    public string? Token { get; set; }

    /// <summary>The 43 characters of the event subscription's <c>aes_key</c>. Secret.</summary>
    public string? AesKey { get; set; }

    /// <summary>
    /// Whom encrypted events are for. Null: <see cref="ClientId"/>, right for subscriptions that were made in the console; the corp id for those made with the old API,
    /// the suite key for third-party apps.
    /// </summary>
    public string? EventOwnerKey { get; set; }

    /// <summary>The <c>apiSecret</c> with which the address for card callbacks was registered. Secret; Stream mode needs none.</summary>
    public string? CardCallbackSecret { get; set; }

    /// <summary>One address for all hosts that have none of their own below (a proxy, the emulator); null: DingTalk's own.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Host of the new calls; null: <see cref="BaseUrl"/>, else <c>https://api.dingtalk.com</c>.</summary>
    public Uri? ApiUrl { get; set; }

    /// <summary>Host of the old calls and of group robots; null: <see cref="BaseUrl"/>, else <c>https://oapi.dingtalk.com</c>.</summary>
    public Uri? OapiUrl { get; set; }

    /// <summary>Host of the sign-in page; null: <see cref="BaseUrl"/>, else <c>https://login.dingtalk.com</c>.</summary>
    public Uri? LoginUrl { get; set; }

    /// <summary>Total time for a call, waiting and retries included. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest a single try may take where another may follow. Default 10 s: the platform itself gives up after 3 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time until a download's head and between its bytes; the whole of it has no limit but its size. Default 30 s.</summary>
    public TimeSpan DownloadSilence { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries per call, the first included, where a retry is safe. Default 3, which is what the platform asks for while it is busy; 1 switches retrying off.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Calls a second that the app may make of each API. Default 20; an organisation that pays for it has up to 60.</summary>
    public int CallsPerSecond { get; set; } = 20;

    /// <summary>API calls that the organisation may make in a calendar month, all its apps together. Default 5 000 (Standard edition since November 2025).</summary>
    public long MonthlyCalls { get; set; } = 5_000;

    /// <summary>Deliveries by webhook or stream that the organisation may get in a calendar month. Default 3 000 (Standard edition since November 2025).</summary>
    public long MonthlyDeliveries { get; set; } = 3_000;

    /// <summary>How far the timestamp of an event or of a card callback may be from now, both ways. Default 1 h (the platform names no window for these; this one is ours).</summary>
    public TimeSpan EventWindow { get; set; } = TimeSpan.FromHours(1);
}

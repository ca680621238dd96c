namespace Larkspur.Feishu;

/// <summary>One Feishu or Lark app.</summary>
public sealed class FeishuOptions
{
    /// <summary>App ID, <c>cli_…</c>. Required.</summary>
    public string AppId { get; set; } = "";

    /// <summary>App Secret. Required; never logged.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>Encrypt Key of the event subscription. When set, events must be encrypted and signed.</summary>
    public string? EncryptKey { get; set; }

    /// <summary>Verification Token of the event subscription.</summary>
    public string? VerificationToken { get; set; }

    /// <summary>Self-built (one tenant) or store app.</summary>
    public FeishuAppKind Kind { get; set; } = FeishuAppKind.SelfBuilt;

    /// <summary>Feishu (China) or Lark (international): sets the hosts that are not set below.</summary>
    public FeishuBrand Brand { get; set; } = FeishuBrand.Feishu;

    /// <summary>Open API base address; null: the brand's.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Accounts (OAuth) base address; null: the brand's, or <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? AccountsUrl { get; set; }

    /// <summary>Passport (QR sign-in) base address; null: the brand's, or <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? PassportUrl { get; set; }

    /// <summary>Base address of the old approval API and its file upload; null: the brand's, or <see cref="BaseUrl"/> when that is set.</summary>
    public Uri? ApprovalUrl { get; set; }

    /// <summary>Total time for a call, waiting and retries included. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest a single try may take where another may follow (a repeatable call without files). Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries per call, the first included, where a retry is safe. Default 4; 1 switches retrying off.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>
    /// How much of the platform's documented rate limits this client takes. Default 1, all of them; 0.5 leaves half to another program that calls as the
    /// same app. More than 1 only where the platform takes more than it documents (a private deployment, a test platform): Feishu raises no messaging limits.
    /// </summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>How far an event's timestamp may be from now, both ways. Default 5 min (the platform names no window; this one is ours).</summary>
    public TimeSpan EventWindow { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Kind of app.</summary>
public enum FeishuAppKind
{
    /// <summary>Made by a company for itself: app id and secret are enough for a tenant token.</summary>
    SelfBuilt,

    /// <summary>Listed in the app store (ISV): needs the hourly <c>app_ticket</c> and a tenant key.</summary>
    Store,
}

/// <summary>Which of the two brands the app belongs to; an app works only on its own brand's hosts.</summary>
public enum FeishuBrand
{
    /// <summary>Feishu, feishu.cn.</summary>
    Feishu,

    /// <summary>Lark, larksuite.com.</summary>
    Lark,
}

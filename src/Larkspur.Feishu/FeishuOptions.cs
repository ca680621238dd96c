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
    /// The tenant's limits in parts of the documented ones, 0.01 to 100; default 1. For a tenant whose plan or agreement gives it more, or an app that shares its
    /// limits with programs that are not this one (0.5 leaves them half). It stands for every endpoint; where it promises too much the refusals teach better.
    /// </summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>
    /// The same for the limits of a minute alone, 0.01 to 100; null: <see cref="RateFactor"/>. For a tenant that may keep the rate of a second for a whole minute:
    /// documented for messages are 50 a second and 1,000 a minute, so 3 there means 50 a second for as long as one likes.
    /// </summary>
    public double? MinuteRateFactor { get; set; }

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

namespace Larkspur.Feishu;

/// <summary>The facts of one platform endpoint that a call needs: where it is, who may call it, how fast.</summary>
/// <remarks>Generated from <c>catalogue/feishu</c> for every documented endpoint; build one by hand for what the catalogue lacks.</remarks>
public sealed record FeishuEndpoint
{
    /// <summary>The catalogue id, e.g. <c>im.v1.message.create</c>. Rate limits and metrics are kept under it.</summary>
    public required string Id { get; init; }

    /// <summary>The HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The path template below the host, e.g. <c>/open-apis/im/v1/messages/{message_id}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Which of the platform's hosts serves the endpoint.</summary>
    public FeishuHost Host { get; init; } = FeishuHost.OpenApi;

    /// <summary>The token kinds the endpoint accepts. <see cref="FeishuTokenKinds.None"/>: it takes no token.</summary>
    public FeishuTokenKinds Tokens { get; init; } = FeishuTokenKinds.Tenant;

    /// <summary>Documented calls per second per app and tenant, at least 1; null when none is documented: calls start at once.</summary>
    public int? PerSecond { get; init; }

    /// <summary>Documented calls per minute per app and tenant, at least 1, or null.</summary>
    public int? PerMinute { get; init; }

    /// <summary>The field (in query or body) that carries the platform's own idempotency key: <c>uuid</c>, <c>client_token</c> or the like; null when there is none.</summary>
    public string? IdempotencyField { get; init; }

    /// <summary>Shape of a successful answer.</summary>
    public FeishuAnswer Answer { get; init; } = FeishuAnswer.Data;
}

/// <summary>The platform's hosts; their addresses come from <see cref="FeishuOptions"/>.</summary>
public enum FeishuHost
{
    /// <summary>open.feishu.cn / open.larksuite.com.</summary>
    OpenApi,

    /// <summary>accounts.feishu.cn / accounts.larksuite.com.</summary>
    Accounts,

    /// <summary>passport.feishu.cn / passport.larksuite.com.</summary>
    Passport,

    /// <summary>www.feishu.cn / www.larksuite.com: the old approval API and its file upload.</summary>
    Approval,
}

/// <summary>Token kinds, combinable.</summary>
[Flags]
public enum FeishuTokenKinds
{
    /// <summary>No bearer token.</summary>
    None = 0,

    /// <summary>tenant_access_token.</summary>
    Tenant = 1,

    /// <summary>user_access_token.</summary>
    User = 2,

    /// <summary>app_access_token.</summary>
    App = 4,
}

/// <summary>Shape of a successful answer.</summary>
public enum FeishuAnswer
{
    /// <summary><c>{"code":0,"msg":…,"data":{…}}</c>; the call returns <c>data</c>.</summary>
    Data,

    /// <summary>Fields stand beside <c>code</c>; the call returns the whole object.</summary>
    Flat,

    /// <summary>Bytes; the call returns a <see cref="FeishuDownload"/>. A failure is still JSON.</summary>
    Binary,
}

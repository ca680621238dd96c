namespace Larkspur.Gateway.People.Identities;

/// <summary>One id of an account on a platform.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>, <c>email</c>.</param>
/// <param name="Scope">Within which it is unique: the app's name for Feishu's open id, the corp id for WeCom and DingTalk, the issuer for web; else empty.</param>
/// <param name="Kind"><c>open_id</c>, <c>union_id</c>, <c>user_id</c>, <c>userid</c>, <c>external_userid</c>, <c>unionid</c>, <c>subject</c>…</param>
/// <param name="Value">The id.</param>
internal readonly record struct PlatformIdentity(string Platform, string Scope, string Kind, string Value);

/// <summary>What a platform told about the sender of a message: the ids of one account there, the main one first.</summary>
internal sealed record PlatformAccount
{
    public required string Platform { get; init; }

    /// <summary>The app's name in the settings.</summary>
    public required string App { get; init; }

    public required IReadOnlyList<PlatformIdentity> Ids { get; init; }

    public string? Name { get; init; }

    /// <summary>From the platform's own directory, never from the person.</summary>
    public string? VerifiedEmail { get; init; }
}

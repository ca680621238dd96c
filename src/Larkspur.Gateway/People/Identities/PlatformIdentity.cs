namespace Larkspur.Gateway.People.Identities;

/// <summary>One id of a person on a platform.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>; <see cref="Email"/> for a mail address of a platform's directory.</param>
/// <param name="Scope">Where the value means one person: the app's name for an <c>open_id</c>, the corp id for a <c>userid</c>, the tenant for a <c>user_id</c>, the issuer for a <c>subject</c>; empty: everywhere.</param>
/// <param name="Kind">Feishu: <c>open_id</c>, <c>union_id</c>, <c>user_id</c>. WeCom: <c>userid</c>, <c>external_userid</c>, <c>openid</c>. DingTalk: <c>userid</c>, <c>unionid</c>. Web: <c>subject</c>.</param>
/// <param name="Value">The id.</param>
internal readonly record struct PlatformIdentity(string Platform, string Scope, string Kind, string Value)
{
    /// <summary>The platform of mail addresses. They are told by other platforms' directories and are no ids of an account: nobody is recognised by one.</summary>
    public const string Email = "email";

    /// <summary>The platform of accounts of the web chat: their issuers are business systems.</summary>
    public const string Web = "web";

    /// <summary>The platform of accounts that a system provisions over SCIM: what it says of addresses is its word alone.</summary>
    public const string Provisioned = "scim";

    /// <summary>The platform of accounts at the company's own identity providers: the scope is the issuer, the kind <c>subject</c>, or
    /// <c>oid</c> of Entra. They say no mail address that would link anybody.</summary>
    public const string IdentityProvider = "idp";

    private const int LongestWord = 32;
    private const int LongestScope = 512;
    private const int LongestValue = 256;

    /// <summary>A mail address.</summary>
    public static PlatformIdentity OfEmail(string address) => new(Email, "", Email, address);

    /// <summary>The value as it is compared. WeCom tells members' ids apart without regard to case (its page on creating members;
    /// UNVERIFIED for messages), mail addresses and user names of SCIM (RFC 7643, section 4.1.1) as everybody does.</summary>
    public string Compared => Platform == Email || (Platform == "wecom" && Kind == "userid") || (Platform == "scim" && Kind == "userName")
        ? Value.ToLowerInvariant() : Value;

    /// <summary>
    /// It can be given to somebody else once its owner has left (Feishu's <c>user_id</c>, DingTalk's <c>userid</c>): whoever is told with
    /// it and with
    /// another id that lasts is known by that one.
    /// </summary>
    public bool IsReassignable => (Platform == "feishu" && Kind == "user_id") || (Platform == "dingtalk" && Kind == "userid");

    /// <summary>It can be an id of an account.</summary>
    public bool IsSound => IsText(Platform, LongestWord) && IsText(Kind, LongestWord) && (Scope is "" || IsText(Scope, LongestScope)) && IsText(Value, LongestValue);

    public override string ToString() => Scope is "" or null ? $"{Platform} {Kind} {Value}" : $"{Platform} {Kind} {Value} ({Scope})";

    private static bool IsText(string? text, int longest) => !string.IsNullOrWhiteSpace(text) && text.Length <= longest && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c));
}

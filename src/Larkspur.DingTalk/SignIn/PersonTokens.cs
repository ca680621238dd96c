namespace Larkspur.DingTalk.SignIn;

/// <summary>A person's tokens. Keep them as secrets: they call in the person's name.</summary>
public sealed record PersonTokens
{
    /// <summary>For <see cref="DingTalkCallOptions.UserAccessToken"/>, about two hours. Secret.</summary>
    public string AccessToken { get; init; } = "";

    /// <summary>For <see cref="DingTalkSignIn.RefreshAsync"/>, 30 days. Secret. Null when the platform gave none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>When the access token ends, by the client's clock.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The organisation that the person chose; null without <see cref="LoginPage.WithOrganisation"/>.</summary>
    public string? CorpId { get; init; }

    /// <summary>Without the tokens.</summary>
    public override string ToString() => $"tokens of a person until {ExpiresAt:O}";
}

/// <summary>Who signed in on the sign-in page. Personal data: it is not shown by <see cref="ToString"/>.</summary>
/// <remarks>Source: 02/0054. What the app may not see, or the person has not given, is null.</remarks>
public sealed record SignedInPerson
{
    /// <summary>The same for all apps of one developer organisation: the key to know a person by.</summary>
    public string UnionId { get; init; } = "";

    /// <summary>The same for this app alone.</summary>
    public string? OpenId { get; init; }

    /// <summary>The name that the person chose; not the one in the organisation.</summary>
    public string? Nick { get; init; }

    /// <summary>Address of the picture.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>Mobile number; needs the permission for it. Third-party apps get it masked.</summary>
    public string? Mobile { get; init; }

    /// <summary>Country code of the number, e.g. <c>86</c>.</summary>
    public string? StateCode { get; init; }

    /// <summary>The person's own mail address. Nobody has verified it for your organisation: never link accounts by it.</summary>
    public string? Email { get; init; }

    /// <summary>The union id alone.</summary>
    public override string ToString() => $"person {UnionId}";
}

/// <summary>Who opened a page inside the DingTalk client.</summary>
/// <remarks>Source: 02/0024.</remarks>
public sealed record ClientPerson
{
    /// <summary>Id in the organisation.</summary>
    public string Userid { get; init; } = "";

    /// <summary>Id for the developer's organisation.</summary>
    public string? Unionid { get; init; }

    /// <summary>Another union id that belongs to the same person.</summary>
    public string? AssociatedUnionid { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Administers the organisation.</summary>
    public bool Sys { get; init; }

    /// <summary>1 main administrator, 2 administrator, 100 owner, 0 anybody else.</summary>
    public int SysLevel { get; init; }

    /// <summary>Which device.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The userid alone.</summary>
    public override string ToString() => $"person {Userid}";
}

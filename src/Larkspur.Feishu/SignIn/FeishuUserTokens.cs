namespace Larkspur.Feishu.SignIn;

/// <summary>A person's tokens. Keep them as secrets: they call in the person's name.</summary>
/// <remarks>Source: authentication-management/access-token/get-user-access-token. The platform says how long they last; no length is to be
/// relied upon.</remarks>
public sealed record FeishuUserTokens
{
    /// <summary>For <see cref="FeishuCallOptions.UserAccessToken"/>. Secret.</summary>
    public required string AccessToken { get; init; }

    /// <summary>When it ends, by the client's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>For <see cref="FeishuSignIn.RefreshAsync"/>, one use. Secret. Null: none was asked for
    /// (<see cref="FeishuLoginPage.Offline"/>), or the app may have none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>When that one ends; null: there is none, or the platform does not say.</summary>
    public DateTimeOffset? RefreshExpiresAt { get; init; }

    /// <summary>What the person has allowed.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Without the tokens.</summary>
    public override string ToString() => $"tokens of a person until {ExpiresAt:O}";
}

namespace Larkspur;

/// <summary>A platform's access token and the instant it dies. <see cref="ToString"/> does not show it.</summary>
public sealed class AccessToken(string value, DateTimeOffset expiresAt)
{
    /// <summary>The token itself. Secret.</summary>
    public string Value { get; } = value;

    /// <summary>End of life.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <inheritdoc/>
    public override string ToString() => $"access token until {ExpiresAt:O}";
}

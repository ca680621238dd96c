namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>How an authorization stands.</summary>
internal static class AuthorizationStates
{
    public const string Waiting = "waiting";
    public const string Given = "given";
    public const string Refused = "refused";
    public const string Ended = "ended";

    /// <summary>Nobody answered in time. Never written: it follows from the clock.</summary>
    public const string Expired = "expired";

    public static IReadOnlyList<string> All { get; } = [Waiting, Given, Refused, Expired, Ended];
}

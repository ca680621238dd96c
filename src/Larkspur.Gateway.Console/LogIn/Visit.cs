namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Where somebody comes from.</summary>
/// <param name="Address">Of the request.</param>
/// <param name="Browser">What it calls itself: its User-Agent, shortened, without control characters.</param>
internal readonly record struct Visit(string? Address, string? Browser)
{
    /// <summary>The sign-in session that stands for a password, by its sid; null: there was a password.</summary>
    public string? SignIn { get; init; }

    /// <summary>When that session's person proved who they are; null: just now.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    private const int Longest = 200;

    public static Visit Of(HttpContext http)
    {
        var agent = new string([.. http.Request.Headers.UserAgent.ToString().Where(c => !char.IsControl(c)).Take(Longest)]);
        return new Visit(http.Connection.RemoteIpAddress?.ToString(), agent.Length > 0 ? agent : null);
    }
}

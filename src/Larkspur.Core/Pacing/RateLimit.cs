namespace Larkspur;

/// <summary>A documented limit: both windows count at once, null means that the window does not exist.</summary>
/// <param name="PerSecond">Calls in any second.</param>
/// <param name="PerMinute">Calls in any minute.</param>
public readonly record struct RateLimit(int? PerSecond, int? PerMinute)
{
    /// <summary>There is nothing to keep.</summary>
    public bool IsNone => PerSecond is null && PerMinute is null;
}

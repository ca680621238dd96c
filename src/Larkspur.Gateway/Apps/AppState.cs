using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Apps;

/// <summary>How an app stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Condition">Whether it can be used.</param>
/// <param name="Reason">Why it cannot, for administrators; null when it can.</param>
internal sealed record AppState(string Name, AppCondition Condition, LocalText? Reason)
{
    /// <summary>What the platform knows it by, when that is known.</summary>
    public string? AppId { get; init; }

    /// <summary>It comes from the settings and changes with them.</summary>
    public bool IsStored { get; init; }

    /// <summary>The condition for programs.</summary>
    public string Word => Condition.ToString().ToLowerInvariant();
}

/// <summary>Whether an app can be used.</summary>
internal enum AppCondition
{
    /// <summary>It receives and sends.</summary>
    Connected,

    /// <summary>An administrator has not switched it on.</summary>
    Off,

    /// <summary>It is switched on, and something is missing or wrong.</summary>
    Incomplete,
}

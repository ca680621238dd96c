namespace Larkspur.Gateway.Apps;

/// <summary>One app of a platform.</summary>
internal interface IPlatformApp
{
    /// <summary>Its name in the settings.</summary>
    string Name { get; }

    /// <summary>What the platform knows it by; no secret. Null: it has no such id.</summary>
    string? PlatformId { get; }
}

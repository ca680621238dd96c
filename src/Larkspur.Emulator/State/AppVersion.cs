using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>How far a version of an app has come. The numbers are the platform's (<c>app_versions</c>, field <c>status</c>).</summary>
public enum AppVersionStatus
{
    Audited = 1,
    Rejected = 2,
    UnderAudit = 3,
    /// <summary>Created in the console, nobody asked for its release yet.</summary>
    Created = 4,
}

/// <summary>A version of an app: what takes effect when it is published, and not before.</summary>
/// <remarks>Of the version that is online the app's own fields tell what is in force; <see cref="Scopes"/> and its like are what it was published with.</remarks>
public sealed record AppVersion
{
    /// <summary>Counts from 1 within the app.</summary>
    public required int Number { get; init; }

    /// <summary>As the developer named it.</summary>
    public required string Name { get; init; }

    public AppVersionStatus Status { get; init; } = AppVersionStatus.Created;

    /// <summary>Scopes that it asks for; <see langword="null"/> means every scope.</summary>
    public ImmutableHashSet<string>? Scopes { get; init; }

    /// <summary>Events that are ticked in it; <see langword="null"/> means all.</summary>
    public ImmutableHashSet<string>? Events { get; init; }

    /// <summary>Whether the bot ability is in it.</summary>
    public bool Bot { get; init; } = true;

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Published { get; init; }

    public string IdIn(string appId) => "oav_" + WireIds.Hash("version", $"{appId}/{Number}");
}

using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>A card of the card builder that apps send by its id.</summary>
public sealed record CardTemplate
{
    public required string TemplateId { get; init; }
    public required string Name { get; init; }
    /// <summary><c>app_id</c>s that may use it; <see langword="null"/> for all of the company.</summary>
    public ImmutableHashSet<string>? Apps { get; init; }
    /// <summary>Oldest first.</summary>
    public ImmutableArray<CardTemplateVersion> Versions { get; init; } = [];

    /// <summary>The named version, or the newest; only published ones can be sent.</summary>
    public CardTemplateVersion? Published(string? name) => Versions.LastOrDefault(v => v.Published && (name is null || v.Name == name));
}

/// <param name="Name">For example <c>1.0.0</c>.</param>
/// <param name="Json">A card, JSON 2.0 or 1.0, with <c>${variable}</c> in its texts.</param>
public sealed record CardTemplateVersion(string Name, string Json, ImmutableArray<CardTemplateVariable> Variables, bool Published = true);

/// <param name="Type">string, number, boolean, image, user, date, time, datetime, object or array.</param>
/// <param name="Default">Its JSON, used when the app gives no value.</param>
public sealed record CardTemplateVariable(string Name, string Type, string? Default = null);

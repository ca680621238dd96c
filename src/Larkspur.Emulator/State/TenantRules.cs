using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>What the company's administrator decides about messages.</summary>
public sealed record TenantRules
{
    /// <summary>How long a message can be recalled by its sender (230009).</summary>
    public TimeSpan RecallWindow { get; init; } = TimeSpan.FromHours(24);
    /// <summary>How long a message can be edited (230075).</summary>
    public TimeSpan EditWindow { get; init; } = TimeSpan.FromHours(24);
    /// <summary>Words that no message may contain (230022).</summary>
    public ImmutableArray<string> SensitiveWords { get; init; } = [];
}

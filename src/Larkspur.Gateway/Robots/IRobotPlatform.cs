using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Robots;

/// <summary>
/// Group robots of one platform: what their addresses look like, what they can say, and how it is said. Needs no app of the platform.
/// </summary>
internal interface IRobotPlatform
{
    /// <summary>The platform's word.</summary>
    string Platform { get; }

    /// <summary>Where its robots are.</summary>
    RobotPlace Place { get; }

    /// <summary>A robot may have a secret that signs what it says.</summary>
    bool Signs { get; }

    /// <summary>What the platform takes of one robot.</summary>
    RateLimit Limit { get; }

    /// <summary>What is said, in the platform's words.</summary>
    /// <exception cref="RequestRefusedException">It is longer than the platform takes, or has no form there.</exception>
    CompiledMessage Compile(GroupMessage message);

    /// <summary>
    /// Says it. A platform that recognises a repetition (DingTalk) may try twice within this, all others once: the outbox tries again.
    /// </summary>
    /// <exception cref="ChannelException">The platform did not take it, or may have; its reason is one of <see
    /// cref="RobotFailures"/>.</exception>
    Task SendAsync(Robot robot, OutboxEntry entry, CancellationToken cancellation);
}

/// <summary>The platforms that have group robots.</summary>
internal sealed class RobotPlatforms(IEnumerable<IRobotPlatform> platforms)
{
    private readonly Dictionary<string, IRobotPlatform> _all = platforms.ToDictionary(p => p.Platform, StringComparer.Ordinal);

    /// <summary>Their words, in the order of their registration.</summary>
    public IReadOnlyList<string> Names => [.. _all.Keys];

    /// <summary>A platform's robots; null: it has none.</summary>
    public IRobotPlatform? Find(string platform) => _all.GetValueOrDefault(platform);
}

/// <summary>What a robot says, as the outbox keeps it.</summary>
/// <param name="Type">The kind, in the platform's words.</param>
/// <param name="Content">JSON that the same platform reads.</param>
/// <param name="Notes">What is shown less of than was asked for; empty: nothing.</param>
internal sealed record CompiledMessage(string Type, string Content, IReadOnlyList<LocalText> Notes);

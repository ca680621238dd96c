using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>A command that a business system registered over REST: whoever writes it is told of to that system by a webhook.</summary>
internal sealed record RegisteredCommand
{
    /// <summary>Without slash, in lower case.</summary>
    public required string Name { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required LocalText Description { get; init; }

    /// <summary>
    /// What is asked before the system is told: a card with inputs and nothing else that could be clicked. Null: nothing.
    /// </summary>
    public CardMessage? Form { get; init; }

    /// <summary>The form as it was sent, JSON; it is kept with each call, whatever becomes of the command.</summary>
    public string? FormJson { get; init; }

    /// <summary>The webhook that is told; null: every one of its system that wants <c>command.called</c>.</summary>
    public string? Webhook { get; init; }

    /// <summary>After this long without an answer the person is told so. Zero: never.</summary>
    public TimeSpan AnswerWithin { get; init; }

    /// <summary>The system; empty: no single one's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>For whose people it is, by apps' names; null: of all apps.</summary>
    public IReadOnlyList<string>? Apps { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public string ChangedBy { get; init; } = "";

    public IEnumerable<string> Names => Aliases.Prepend(Name);

    public bool IsFor(string app) => Apps is null || Apps.Contains(app, StringComparer.Ordinal);
}

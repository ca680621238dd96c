using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Commands;

/// <summary>A command of the table, whoever brings it.</summary>
/// <param name="Name">Without slash.</param>
/// <param name="Aliases">Other names, without slash.</param>
/// <param name="Description">For <c>/help</c>.</param>
/// <param name="RunAsync">Makes the reaction.</param>
internal sealed record BotCommand(
    string Name, IReadOnlyList<string> Aliases, LocalText Description, Func<HeardCommand, CancellationToken, ValueTask<Reaction>> RunAsync)
{
    public const string OwnOrigin = "the gateway itself";

    /// <summary>Who brings it, for whoever looks why a name is taken.</summary>
    public string Origin { get; init; } = OwnOrigin;

    /// <summary>The plug-in that brings it; null: none does.</summary>
    public string? Plugin { get; init; }

    /// <summary>It could do something now, so <c>/help</c> lists it. Who calls it all the same is told why it cannot.</summary>
    public Func<bool> IsOffered { get; init; } = static () => true;

    /// <summary>All names, the first one in front.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>One of the gateway's own, described in <see cref="BotTexts"/> under its name.</summary>
    public static BotCommand Own(string name, string[] aliases, Func<HeardCommand, CancellationToken, ValueTask<Reaction>> runAsync) =>
        new(name, aliases, BotTexts.FindCommand(name) ?? throw new ArgumentException($"No text describes the command {name}.",
            nameof(name)), runAsync);
}

/// <summary>A command as somebody called it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Context">Its event.</param>
/// <param name="Rest">The words behind the command.</param>
internal sealed record HeardCommand(UnifiedMessage Message, EventContext Context, string Rest);

/// <summary>A room that brings commands.</summary>
internal interface ICommandSource
{
    /// <summary>In the order of <c>/help</c>.</summary>
    IEnumerable<BotCommand> Commands { get; }

    /// <summary>Names of commands that it would bring if it were set up: they may be switched off all the same.</summary>
    IEnumerable<string> OtherNames => [];
}

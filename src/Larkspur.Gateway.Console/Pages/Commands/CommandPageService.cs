using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console.Shell;

namespace Larkspur.Gateway.Console.Pages.Commands;

/// <summary>The bot's commands, and the calls of those that business systems registered, as the REST API has them.</summary>
internal sealed class CommandPageService(
    CommandEndpoints commands, CommandRegistry registry, RegisteredCommandStore store, CallEvents events)
{
    private const int OnPage = 20;

    /// <summary>Whoever reads the console reads what all systems made.</summary>
    private static readonly KeyGrant Everything = new(Actor.System);

    public IReadOnlyList<CommandView> All => commands.Views(Everything);

    /// <summary>The plug-in that brings a command; null: none does.</summary>
    public string? PluginOf(string name) => registry.FindFixed(name)?.Plugin;

    /// <summary>The form that people fill in, as they see it; null: there is none.</summary>
    public CardMessage? FormOf(CommandView view) =>
        store.Find(view.Name) is { Form: { } form } command ? CommandFace.Open(form, command.Owner) : null;

    /// <summary>Webhooks that would be told of a call now; none: whoever calls is told that the command is not available.</summary>
    public IReadOnlyList<string> Hearing(CommandView view) => store.Find(view.Name) is not { } command ? []
        : [.. (command.Apps ?? [AppNames.Default]).SelectMany(app => events.Hearing(command, app)).Select(w => w.Name)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A page of a command's calls, the newest first, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<CallView> Items, long? Next)> CallsAsync(string name, long? before, CancellationToken cancellation)
    {
        var page = await commands.CallViewsAsync(Everything, name, before, OnPage, cancellation);
        return (page.Items, page.Next);
    }

    /// <summary>Takes a registered command away. Its calls stay, and its names stay its system's.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task DeleteAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (!await store.DeleteAsync(new KeyGrant(who), name, cancellation)) throw new ActionRefusedException(CommandsTexts.Missing);
    }
}

using Larkspur.Gateway.Assistant.Commands;
using Larkspur.Gateway.Assistant.Feedback;
using Larkspur.Gateway.Assistant.Linking;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant;

/// <inheritdoc/>
internal sealed class AssistantFront(
    AssistantRoutes routes, AssistantCommands commands, Asking asking, AnswerDeeds deeds, LinkActions links, Askers askers) : IAssistant
{
    public bool IsOn => routes.Any;

    public async ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation)
    {
        var person = await askers.OfAsync(message.Sender, cancellation);
        if (!CommandTable.TryParse(message.Text, out var name, out var rest)) return await asking.AskAsync(message, person, context, null, message.Text, cancellation);
        if (commands.Find(name) is { } command) return await command.RunAsync(new CommandCall(message, person, context, rest), cancellation);
        return routes.OfCommand(name) is { } route
            ? await asking.AskAsync(message, person, context, route, rest, cancellation)
            // "/etc/hosts means what?" is a question.
            : await asking.AskAsync(message, person, context, null, message.Text, cancellation);
    }

    public ValueTask<Reaction> ReactAsync(AnswerDeed deed, PlatformAccount by, EventContext context, CancellationToken cancellation) =>
        deed.IsOfLink ? links.ReactAsync(deed, by, context, cancellation) : deeds.ReactAsync(deed, by, context, cancellation);
}

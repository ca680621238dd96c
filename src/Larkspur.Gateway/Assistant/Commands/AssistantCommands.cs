using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Commands;

/// <summary>A command of the assistant's as somebody called it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Person">Who.</param>
/// <param name="Context">The event.</param>
/// <param name="Rest">The words behind the command.</param>
internal sealed record AssistantCall(UnifiedMessage Message, KnownPerson Person, EventContext Context, string Rest)
{
    public Language Language => Message.Language;
}

/// <summary><c>/new</c>, <c>/stop</c>, <c>/switch</c>, <c>/link</c>, <c>/unlink</c>, and the words of routes, where there is an assistant.</summary>
internal sealed class AssistantCommands(
    IAssistant assistant, AssistantRoutes routes, QuestionIntake asking, TurnWorker worker, ReplySender speaking, LinkCommand link,
    UserResolver people) : ICommandSource
{
    public IEnumerable<BotCommand> Commands => assistant.IsOn ? All() : [];

    public IEnumerable<string> OtherNames => All().Select(c => c.Name);

    private IEnumerable<BotCommand> All() =>
    [
        Own("new", ["新会话", "新对话", "reset"], (call, _) => ValueTask.FromResult(New(call))),
        Own("stop", ["停止", "停"], (call, _) => ValueTask.FromResult(Stop(call))),
        Own("switch", ["切换"], (call, _) => ValueTask.FromResult(Switch(call))),
        Own("link", ["绑定", "关联"], link.RunAsync),
        Own("unlink", ["解绑", "取消关联"], link.UndoAsync),
        .. routes.Commands.Select(c => new BotCommand(c.Word, [],
            BotTexts.CommandRoute(c.Route.Title),
            (heard, cancellation) => CalledAsync(heard,
                (call, ended) => asking.AskAsync(call.Message, call.Person, call.Context, c.Route, call.Rest, ended), cancellation))),
    ];

    private BotCommand Own(string name, string[] aliases, Func<AssistantCall, CancellationToken, ValueTask<Reaction>> runAsync) =>
        BotCommand.Own(name, aliases, (heard, cancellation) => CalledAsync(heard, runAsync, cancellation));

    private async ValueTask<Reaction> CalledAsync(
        HeardCommand heard, Func<AssistantCall, CancellationToken, ValueTask<Reaction>> runAsync, CancellationToken cancellation)
    {
        var message = await heard.Message.WithSenderAsync(cancellation);
        var person = await people.OfAsync(message.Sender, cancellation);
        return await runAsync(new AssistantCall(message, person, heard.Context, heard.Rest), cancellation);
    }

    private Reaction New(AssistantCall call) => Say(call, async effects =>
    {
        await ConversationStore.EndAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message), effects.Now);
        await WaitingFiles.DropAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message));
        return AssistantTexts.New.In(call.Language);
    });

    private Reaction Stop(AssistantCall call) => Say(call, async effects =>
    {
        var stopped = await WaitingFiles.DropAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message));
        foreach (var id in await TurnStore.OpenOfAsync(effects.Unit, call.Person.Id))
        {
            if (!await TurnStore.StopAsync(effects.Unit, id, effects.Now)) continue;
            worker.Stopped(effects.Unit, id);
            stopped++;
        }

        return (stopped > 0 ? AssistantTexts.Stopping : AssistantTexts.NothingToStop).In(call.Language);
    });

    private Reaction Switch(AssistantCall call)
    {
        var choices = routes.Selectable;
        if (choices.Count == 0) return Say(call, _ => ValueTask.FromResult(AssistantTexts.SwitchNone.In(call.Language)));
        var chosen = choices.FirstOrDefault(r => string.Equals(r.Name, call.Rest, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Title, call.Rest, StringComparison.OrdinalIgnoreCase));
        if (chosen is null) return Say(call, _ =>
            ValueTask.FromResult(AssistantTexts.SwitchList(string.Join('\n', choices.Select(r => r.Title == r.Name ? $"- {r.Name}"
            : $"- {r.Name} ({r.Title})"))).In(call.Language)));
        return Say(call, async effects =>
        {
            await ConversationStore.ChooseAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message), chosen.Name);
            return AssistantTexts.Switched(chosen.Title).In(call.Language);
        });
    }

    private Reaction Say(AssistantCall call, Func<IEffects, ValueTask<string>> words) => new(async effects =>
    {
        await speaking.SayAsync(effects, call.Message, call.Context, UnifiedResponse.Text(await words(effects)));
        return Outcome.Answered;
    });
}

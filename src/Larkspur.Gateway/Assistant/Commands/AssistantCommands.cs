using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Commands;

/// <summary>A command of the assistant, the same on every platform.</summary>
/// <param name="Name">Without slash. Its description is the text <c>command.{Name}</c>.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="RunAsync">Makes the reaction.</param>
internal sealed record AssistantCommand(string Name, string[] Aliases, Func<CommandCall, CancellationToken, ValueTask<Reaction>> RunAsync);

/// <summary>A command as somebody called it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Person">Who.</param>
/// <param name="Context">The event.</param>
/// <param name="Rest">The words behind the command.</param>
internal sealed record CommandCall(UnifiedMessage Message, KnownPerson Person, EventContext Context, string Rest)
{
    public Language Language => Message.Language;
}

/// <summary><c>/new</c>, <c>/stop</c>, <c>/link</c>, <c>/unlink</c>, <c>/switch</c>, <c>/help</c>.</summary>
internal sealed class AssistantCommands
{
    private readonly AssistantRoutes _routes;
    private readonly TurnWorker _worker;
    private readonly Speaking _speaking;
    private readonly LinkCommand _link;
    private readonly Dictionary<string, AssistantCommand> _byName = new(StringComparer.OrdinalIgnoreCase);

    public AssistantCommands(AssistantRoutes routes, TurnWorker worker, Speaking speaking, LinkCommand link)
    {
        (_routes, _worker, _speaking, _link) = (routes, worker, speaking, link);
        All =
        [
            new("new", ["新会话", "新对话", "reset"], (call, _) => ValueTask.FromResult(New(call))),
            new("stop", ["停止", "停"], (call, _) => ValueTask.FromResult(Stop(call))),
            new("switch", ["切换"], (call, _) => ValueTask.FromResult(Switch(call))),
            new("link", ["绑定", "关联"], link.RunAsync),
            new("unlink", ["解绑", "取消关联"], link.UndoAsync),
            new("help", ["帮助", "?", "？"], (call, _) => ValueTask.FromResult(Help(call))),
        ];
        foreach (var command in All)
        {
            foreach (var name in (string[])[command.Name, .. command.Aliases]) _byName.Add(name, command);
        }
    }

    /// <summary>In the order of <c>/help</c>.</summary>
    public IReadOnlyList<AssistantCommand> All { get; }

    public AssistantCommand? Find(string name) => _byName.GetValueOrDefault(name);

    private Reaction New(CommandCall call) => Say(call, async effects =>
    {
        await ConversationStore.EndAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message), effects.Now);
        return call.Language.Get("assistant.new");
    });

    private Reaction Stop(CommandCall call) => Say(call, async effects =>
    {
        var stopped = 0;
        foreach (var id in await TurnStore.OpenOfAsync(effects.Unit, call.Person.Id))
        {
            if (!await TurnStore.StopAsync(effects.Unit, id, effects.Now)) continue;
            _worker.Stopped(effects.Unit, id);
            stopped++;
        }

        return call.Language.Get(stopped > 0 ? "assistant.stopping" : "assistant.nothing_to_stop");
    });

    private Reaction Switch(CommandCall call)
    {
        var choices = _routes.Selectable;
        if (choices.Count == 0) return Say(call, _ => ValueTask.FromResult(call.Language.Get("assistant.switch.none")));
        var chosen = choices.FirstOrDefault(r => string.Equals(r.Name, call.Rest, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Title, call.Rest, StringComparison.OrdinalIgnoreCase));
        if (chosen is null) return Say(call, _ => ValueTask.FromResult(call.Language.Get("assistant.switch.list", string.Join('\n', choices.Select(r => r.Title == r.Name ? $"- {r.Name}" : $"- {r.Name} ({r.Title})")))));
        return Say(call, async effects =>
        {
            await ConversationStore.ChooseAsync(effects.Unit, call.Person.Id, ConversationPlace.Of(call.Message), chosen.Name);
            return call.Language.Get("assistant.switched", chosen.Title);
        });
    }

    private Reaction Help(CommandCall call) => Say(call, _ => ValueTask.FromResult(
        call.Language.Get("assistant.help") + "\n" + string.Join('\n', All.Select(c => $"/{c.Name}  {call.Language.Get("command." + c.Name)}"))));

    private Reaction Say(CommandCall call, Func<IEffects, ValueTask<string>> words) => new(async effects =>
    {
        await _speaking.SayAsync(effects, call.Message, call.Context, UnifiedResponse.Text(await words(effects)));
        return Outcome.Answered;
    });
}

using System.Collections.Concurrent;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>An assistant that does what a test says: the channel is tested, not what people are told.</summary>
internal sealed class ScriptedAssistant(IServiceProvider services) : IAssistant
{
    private readonly ConcurrentDictionary<string, int> _turns = new();

    public bool IsOn => true;

    public ConcurrentQueue<UnifiedMessage> Messages { get; } = new();

    public ConcurrentQueue<(AnswerAction Action, PlatformAccount By)> Actions { get; } = new();

    /// <summary>What answers a message; the answer is open, and stays as it is when this ends.</summary>
    public Func<UnifiedMessage, IAnswer, Task> Script { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Words that are said at once, without an answer that grows; null: none.</summary>
    public Func<UnifiedMessage, UnifiedResponse?> Says { get; set; } = _ => null;

    /// <summary>What is made of a message before it is answered.</summary>
    public Func<UnifiedMessage, UnifiedMessage> Arrives { get; set; } = message => message;

    /// <summary>False: a message is only noted, and somebody else answers it.</summary>
    public bool Answers { get; set; } = true;

    public IDatabase Database => services.GetRequiredService<IDatabase>();

    private IConversationChannel ChannelOf(UnifiedMessage message) => services.GetServices<IConversationChannel>().Single(c => c.Platform == message.Platform);

    public static string TurnOf(UnifiedMessage message) => "tu_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(message.MessageId)).AsSpan(0, 16));

    public Task<IAnswer> OpenAsync(UnifiedMessage message, string? turn = null) => ChannelOf(message).OpenAsync(new AnswerRequest
    {
        Turn = turn ?? TurnOf(message), TurnId = 1, App = message.App, Reply = message.Reply, Language = message.Language, Reference = "7QX4-M0RT", CanStop = true,
    }, CancellationToken.None);

    public Task FinishAsync(IAnswer answer, AnswerEnd end) => Database.TransactAsync(unit => answer.FinishAsync(unit, end));

    /// <summary>The buttons that a whole answer has.</summary>
    public static IReadOnlyList<ResponseButton> Buttons(UnifiedMessage message) =>
    [
        new("有帮助", new AnswerAction(AnswerActionKind.Helpful, TurnOf(message)), IsPrimary: true), new("没帮助", new AnswerAction(AnswerActionKind.Unhelpful, TurnOf(message))), new("重新生成", new AnswerAction(AnswerActionKind.Again, TurnOf(message))),
    ];

    public ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation)
    {
        message = Arrives(message);
        Messages.Enqueue(message);
        // As it is now: another test may have another one when the answer is opened.
        var script = Script;
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            if (Says(message) is { } words) await ChannelOf(message).SayAsync(effects.Unit, message.App, message.Reply, words, $"said {message.MessageId}", context.Reference);
            else if (Answers) effects.Unit.AfterCommit(() => _ = Task.Run(() => AnswerAsync(message, script)));
            return Outcome.Answered;
        }));
    }

    public ValueTask<Reaction> ReactAsync(AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation)
    {
        Actions.Enqueue((action, by));
        return ValueTask.FromResult(new Reaction(effects =>
        {
            effects.Answer(new CallbackAnswer { Toast = new Toast("success", $"记下了：{action.What}", $"Noted: {action.What}") });
            return ValueTask.FromResult(Outcome.Answered);
        }));
    }

    private async Task AnswerAsync(UnifiedMessage message, Func<UnifiedMessage, IAnswer, Task> script)
    {
        // A turn is answered once, however often the event is looked at.
        if (_turns.AddOrUpdate(TurnOf(message), 1, static (_, n) => n + 1) > 1) return;
        await using var answer = await OpenAsync(message);
        await script(message, answer);
    }
}

using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Commands;

/// <summary>A plug-in as a company would write it, with a command for each thing that one can do.</summary>
public sealed class ProbePlugin : IGatewayPlugin
{
    public string Name => "probe";

    public void Configure(PluginBuilder plugin)
    {
        var leave = plugin.OnCardAction<LeaveClicks>("leave", clicks => clicks.HandleAsync);
        plugin.Services.AddSingleton(new LeaveClicks("Enjoy"));
        plugin
            .AddCommand(_ => new Probe("tally", ["计数"], (_, _) => ValueTask.FromResult(CommandReply.InTransaction(async effects =>
            {
                var counted = await plugin.Values.FindAsync<Counted>(effects, "tally") ?? new Counted(0);
                await plugin.Values.SetAsync(effects, "tally", counted with { Times = counted.Times + 1 });
                return BotAnswer.Text($"tally {counted.Times + 1}");
            }))))
            .AddCommand(_ => new Probe("boom", [], (_, _) => throw new InvalidOperationException("an inner detail")))
            .AddCommand(_ => new Probe("late-boom", [], (_, _) => ValueTask.FromResult(CommandReply.InTransaction(async effects =>
            {
                await plugin.Values.SetAsync(effects, "tally", new Counted(100));
                throw new InvalidOperationException("an inner detail");
            }))))
            .AddCommand(_ => new Probe("face", [], (_, _) => ValueTask.FromResult(CommandReply.Card(Face(), leave, "L-1"))))
            .AddCommand(_ => new Probe("pour", [], async (call, cancellation) =>
            {
                var stream = await call.BeginStreamAsync(new LocalText("滴滴答答", "Pouring"), cancellation);
                foreach (var drop in (string[])["drop ", "by ", "drop"]) stream.Append(drop);
                return stream.Finish(new LocalText("完", "the end"));
            }))
            .AddCommand(_ => new Probe("who", [], async (call, cancellation) =>
            {
                var caller = await call.LookUpCallerAsync(cancellation);
                return CommandReply.Text($"{caller.Name} is {caller.PersonId} on {call.Platform}, said: {call.Text}");
            }));
    }

    private static CardMessage Face() => new()
    {
        Title = new LocalText("请假", "Leave"),
        Facts = [new CardFact(new LocalText("天数", "Days"), "3")],
        Actions = [new CardMessageAction { Id = "take", Label = new LocalText("好的", "Take it") }],
    };

    private sealed record Counted(int Times);

    private sealed class LeaveClicks(string wish)
    {
        public ValueTask<Reaction> HandleAsync(CardClick click, CancellationToken cancellation) =>
            ValueTask.FromResult(new Reaction(effects =>
            {
                var card = click.ValueText(CardFace.CardField);
                effects.Answer(new CallbackAnswer { Toast = new Toast("success", $"休假愉快 {card}", $"{wish} {card}") });
                return ValueTask.FromResult(Outcome.Answered);
            }));
    }
}

/// <summary>A command that a test makes up.</summary>
internal sealed class Probe(string name, string[] aliases, Func<CommandCall, CancellationToken, ValueTask<CommandReply>> run) : IBotCommand
{
    public string Name => name;

    public IReadOnlyList<string> Aliases => aliases;

    public LocalText Description => new($"探针 {name}", $"probe {name}");

    public ValueTask<CommandReply> RunAsync(CommandCall call, CancellationToken cancellation) => run(call, cancellation);
}

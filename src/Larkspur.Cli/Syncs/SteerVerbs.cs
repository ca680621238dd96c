using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary>Pausing syncs, going on with them, and asking them to compare.</summary>
internal static class SteerVerbs
{
    public static Verb Run() => Steer("run", "Compare everything now.", "Everything is compared",
        (client, name, limited) => client.Syncs.RunAsync(name, limited));

    public static Verb Pause() => Steer("pause", "Pause a sync.", "Paused",
        (client, name, limited) => client.Syncs.PauseAsync(name, limited));

    public static Verb Resume() => Steer("resume", "Go on with a sync that is paused, or away; everything is compared.", "Goes on",
        (client, name, limited) => client.Syncs.ResumeAsync(name, limited));

    private static Verb Steer(
        string verb, string description, string done, Func<LarkspurClient, string, CancellationToken, Task<SyncView>> ask)
    {
        var name = SyncsCommand.Name();
        return new Verb(verb, description, $"larkspur syncs {verb} orders") { name }.Asks(async call =>
        {
            var sync = await call.AskAsync((client, limited) => ask(client, call.Get(name), limited));
            return AnswerView.Say(call, sync, $"{done}: {sync.Name} ({sync.State})");
        });
    }

    public static Verb Deletions()
    {
        var name = SyncsCommand.Name();
        var decision = new Argument<string>("decision")
        {
            Description = "delete: the other side's rows go too. restore: they come back where they were deleted.",
        };
        decision.AcceptOnlyFromAmong("delete", "restore");
        return new Verb("deletions", "Say what becomes of rows that wait for a yes before they are deleted.",
            "larkspur syncs deletions orders restore") { name, decision }.Asks(async call =>
        {
            var body = new DecideDeletions { Decision = call.Get(decision) };
            var sync = await call.AskAsync((client, limited) => client.Syncs.DecideDeletionsAsync(call.Get(name), body, limited));
            return AnswerView.Say(call, sync, call.Get(decision) == "delete" ? "They are deleted now." : "They come back now.");
        });
    }
}

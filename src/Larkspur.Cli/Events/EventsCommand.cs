using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Events;

/// <summary><c>larkspur events tail</c>.</summary>
internal static class EventsCommand
{
    public static Command Create() => new("events", "Inbound events of a running gateway.") { Tail() };

    private static Verb Tail()
    {
        var type = new Option<string?>("--type") { Description = "Only events of this type, like im.message.receive_v1." };
        var app = new Option<string?>("--app") { Description = "Only events of this app." };
        var since = PointInTime.Option("--since", "Begin with events that came at this time; default: now.");
        var limit = new Option<int?>("--limit") { Description = "End after so many events." };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1) result.AddError("--limit is at least 1.");
        });
        var payload = new Option<bool>("--payload") { Description = "With the event itself, which holds what people wrote." };
        return new Verb("tail", "Follow events as they come, over restarts of the gateway; none comes twice. Ctrl+C ends it.",
            "larkspur events tail --type im.message.receive_v1", "larkspur events tail --since 1h --payload --json | jq .event") { type, app, since, limit, payload }.Asks(async call =>
        {
            var parsed = call.Parsed;
            var tail = new EventTail(call.Gateway, TimeProvider.System, ("type", parsed.GetValue(type)), ("app", parsed.GetValue(app)),
                ("since", parsed.GetValue(since) is { } from ? PointInTime.Iso(from) : null), ("payload", parsed.GetValue(payload) ? "true" : null));
            var left = parsed.GetValue(limit);
            try
            {
                await foreach (var item in tail.FollowAsync(call.Cancellation))
                {
                    if (call.Json) JsonOut.Write(item);
                    else EventLine.Print(item);
                    if (--left == 0) break;
                }
            }
            catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
            {
                // How it is meant to end.
            }

            return ExitCodes.Done;
        });
    }
}

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
            var tail = new EventTail(call.Gateway, TimeProvider.System,
                Waits(call, parsed.GetValue(type), parsed.GetValue(app), parsed.GetValue(since)), ("type", parsed.GetValue(type)),
                ("app", parsed.GetValue(app)),
                ("since", parsed.GetValue(since) is { } from ? PointInTime.Iso(from) : null), ("payload", parsed.GetValue(payload) ? "true" : null));
            var left = parsed.GetValue(limit);
            var told = 0;
            try
            {
                await foreach (var item in tail.FollowAsync(call.Cancellation))
                {
                    if (call.Json) JsonOut.Write(item);
                    else EventLine.Print(item);
                    told++;
                    if (--left == 0) break;
                }
            }
            catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
            {
                // How it is meant to end.
                Fail.Say(Words.AreChinese ? $"已结束，共 {told} 个事件。" : $"ended after {(told == 1 ? "1 event" : $"{told} events")}.");
            }

            return ExitCodes.Done;
        });
    }

    /// <summary>What is waited for: without it, nothing on the screen tells waiting from being stuck.</summary>
    private static string Waits(VerbCall call, string? type, string? app, DateTimeOffset? since)
    {
        var address = call.Gateway.Address;
        return Words.AreChinese
            ? $"正在等待 {address} 的{(app is null ? "" : $"应用 {app} 的")}{type ?? "所有"}事件{(since is { } first ? $"（自 {LocalTime.Exact(first)} 起）" : "")}，按 Ctrl+C 结束。"
            : $"waiting for {type ?? "all"} events{(app is null ? "" : $" of the app {app}")} at {address}{(since is { } from ? $", from {LocalTime.Exact(from)} on" : "")}. Ctrl+C ends it.";
    }
}

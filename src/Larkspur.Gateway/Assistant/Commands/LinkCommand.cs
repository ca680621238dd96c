using System.Text.Json;
using Larkspur.Gateway.Assistant.Linking;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Commands;

/// <summary><c>/link</c> and <c>/unlink</c>: a person shows by a one-time code that accounts on two platforms are theirs, confirms it where the code was made, and may undo it for a day.</summary>
internal sealed class LinkCommand(IIdentities identities, ReplySender speaking, TimeProvider clock)
{
    private static readonly string[] Confirming = ["confirm", "yes", "确认", "同意"];
    private static readonly string[] Refusing = ["refuse", "no", "拒绝", "不同意"];

    public async ValueTask<Reaction> RunAsync(AssistantCall call, CancellationToken cancellation)
    {
        // Whoever reads the code along could type it first.
        if (call.Message.IsGroup) return Say(call, LinkTexts.Group.In(call.Language), Outcome.Refused("in_a_group"));
        // A business system speaks in it for a person; their own word it is not.
        if (UserResolver.IsNamed(call.Message.Sender))
            return Say(call, LinkTexts.Named.In(call.Language), Outcome.Refused("named_session"));
        if (call.Rest.Length == 0) return await BeginAsync(call, cancellation);
        if (Is(call.Rest, Confirming)) return await DecideAsync(call, true, cancellation);
        return Is(call.Rest, Refusing) ? await DecideAsync(call, false, cancellation) : await EndAsync(call, cancellation);
    }

    public async ValueTask<Reaction> UndoAsync(AssistantCall call, CancellationToken cancellation)
    {
        if (call.Message.IsGroup) return Say(call, LinkTexts.Private.In(call.Language), Outcome.Refused("in_a_group"));
        if (UserResolver.IsNamed(call.Message.Sender))
            return Say(call, LinkTexts.Named.In(call.Language), Outcome.Refused("named_session"));
        return Say(call, await identities.UndoLinkAsync(call.Message.Sender, null, cancellation));
    }

    private async ValueTask<Reaction> BeginAsync(AssistantCall call, CancellationToken cancellation)
    {
        var begun = await identities.BeginLinkAsync(call.Message.Sender, ContactOf(call), cancellation);
        if (begun.Code is { } code)
        {
            return Say(call, LinkTexts.Code(code.Code, MinutesUntil(code.ExpiresAt)).In(call.Language), Outcome.Answered);
        }

        // The question itself is the answer.
        if (begun.Outcome == LinkOutcome.Asked) return new Reaction(static _ => ValueTask.FromResult(Outcome.Answered));
        return Say(call, LinkTexts.Of(begun.Outcome).In(call.Language), Outcome.Refused(WordOf(begun.Outcome)));
    }

    private async ValueTask<Reaction> EndAsync(AssistantCall call, CancellationToken cancellation)
    {
        var result = await identities.LinkAsync(call.Message.Sender, ContactOf(call), call.Rest, cancellation);
        var words = result.Outcome switch
        {
            LinkOutcome.Asked => LinkTexts.Asked(BotTexts.FindPlatform(result.AskedOn), (int)LinkRequest.Lifetime.TotalMinutes)
                .In(call.Language),
            LinkOutcome.WrongCode => LinkTexts.Wrong(result.TriesLeft).In(call.Language),
            LinkOutcome.ExpiredCode => LinkTexts.Expired.In(call.Language),
            LinkOutcome.OwnCode => LinkTexts.Own.In(call.Language),
            LinkOutcome.TooManyTries => LinkTexts.TooMany(MinutesUntil(result.RetryAt ?? clock.GetUtcNow())).In(call.Language),
            LinkOutcome.Refused => LinkTexts.Refused.In(call.Language),
            var other => LinkTexts.Of(other).In(call.Language),
        };
        return Say(call, words, result.Outcome is LinkOutcome.Asked or LinkOutcome.Linked ? Outcome.Answered : Outcome.Refused(WordOf(result.Outcome)));
    }

    private async ValueTask<Reaction> DecideAsync(AssistantCall call, bool confirms, CancellationToken cancellation) =>
        Say(call, await identities.DecideLinkAsync(call.Message.Sender, null, call.Message.ChatId, confirms, cancellation));

    /// <summary>How long is said, not until when: each platform's people live by their own clocks.</summary>
    private int MinutesUntil(DateTimeOffset at) => Math.Max(1, (int)Math.Ceiling((at - clock.GetUtcNow()).TotalMinutes));

    private static LinkContact ContactOf(AssistantCall call) =>
        new(call.Message.Platform, call.Message.App, call.Message.ChatId, JsonSerializer.Serialize(call.Message.Reply), call.Language.Tag(), call.Context.Reference);

    private static bool Is(string words, string[] any) => any.Contains(words.Trim(), StringComparer.OrdinalIgnoreCase);

    private static string WordOf(LinkOutcome outcome) => "link_" + outcome.ToString().ToLowerInvariant();

    private Reaction Say(AssistantCall call, LinkResult result) => Say(call, LinkTexts.Of(result.Outcome).In(call.Language),
        LinkTexts.IsDone(result.Outcome) ? Outcome.Answered : Outcome.Refused(WordOf(result.Outcome)));

    private Reaction Say(AssistantCall call, string words, Outcome outcome) => new(async effects =>
    {
        await speaking.SayAsync(effects, call.Message, call.Context, UnifiedResponse.Text(words));
        return outcome;
    });
}

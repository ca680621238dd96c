using System.Globalization;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Commands;

/// <summary><c>/link</c>: a person proves on one platform that they are who they are on another, by a one-time code.</summary>
internal sealed class LinkCommand(IIdentities identities, Speaking speaking, TimeProvider clock)
{
    public async ValueTask<Reaction> RunAsync(CommandCall call, CancellationToken cancellation)
    {
        // Whoever reads the code along could type it first.
        if (call.Message.IsGroup) return Say(call, call.Language.Get("assistant.link.group"), Outcome.Refused("in_a_group"));
        return call.Rest.Length == 0 ? await BeginAsync(call, cancellation) : await EndAsync(call, cancellation);
    }

    private async ValueTask<Reaction> BeginAsync(CommandCall call, CancellationToken cancellation)
    {
        try
        {
            var code = await identities.BeginLinkAsync(call.Person.Id, cancellation);
            var minutes = Math.Max(1, (int)Math.Round((code.ExpiresAt - clock.GetUtcNow()).TotalMinutes));
            return Say(call, call.Language.Get("assistant.link.code", code.Code, minutes), Outcome.Answered);
        }
        catch (KeyNotFoundException)
        {
            return Say(call, call.Language.Get("assistant.refused"), Outcome.Refused("disabled"));
        }
    }

    private async ValueTask<Reaction> EndAsync(CommandCall call, CancellationToken cancellation)
    {
        // Its person is linked wherever they are; the session itself is no account.
        if (Askers.IsNamed(call.Message.Sender)) return Say(call, call.Language.Get("assistant.link.own"), Outcome.Refused("named_session"));
        var result = await identities.LinkAsync(call.Message.Sender, call.Rest, cancellation);
        var words = result.Outcome switch
        {
            LinkOutcome.Linked => call.Language.Get("assistant.link.done", string.Join(call.Language == Language.Chinese ? "、" : ", ", result.Person.Ids.Select(i => i.Platform).Distinct().Where(p => p != "email").Select(p => call.Language.Get("platform." + p)))),
            LinkOutcome.WrongCode => call.Language.Get("assistant.link.wrong", result.TriesLeft),
            LinkOutcome.ExpiredCode => call.Language.Get("assistant.link.expired"),
            LinkOutcome.OwnCode => call.Language.Get("assistant.link.own"),
            LinkOutcome.TooManyTries => call.Language.Get("assistant.link.too_many", (result.RetryAt ?? clock.GetUtcNow()).ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            LinkOutcome.TwoPeople => call.Language.Get("assistant.link.two_people"),
            _ => call.Language.Get("assistant.refused"),
        };
        return Say(call, words, result.IsLinked ? Outcome.Answered : Outcome.Refused("link_" + result.Outcome.ToString().ToLowerInvariant()));
    }

    private Reaction Say(CommandCall call, string words, Outcome outcome) => new(async effects =>
    {
        await speaking.SayAsync(effects, call.Message, call.Context, UnifiedResponse.Text(words));
        return outcome;
    });
}

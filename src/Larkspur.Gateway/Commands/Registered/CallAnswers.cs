using System.Security.Cryptography;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>What a business system answers to a call: it goes to where the command was written, on whichever platform.</summary>
internal sealed class CallAnswers(
    IDatabase database, CallStore calls, CardStore cards, CardEvents clicks, OwnedObjects objects, ReplySender replies,
    ResponseCards faces, TimeProvider clock)
{
    public const int Most = 10;

    /// <summary>After this long the platforms' own ways to answer a message are closed, or nobody knows what it was about.</summary>
    public static readonly TimeSpan Open = TimeSpan.FromDays(7);

    /// <summary>An answer that waits to be sent.</summary>
    /// <param name="Number">1 for the call's first.</param>
    /// <param name="Notes">What the platform shows less of.</param>
    internal sealed record Queued(int Number, IReadOnlyList<string> Notes);

    /// <exception cref="RequestRefusedException">It is no answer, or comes too late.</exception>
    /// <param name="by">Who answers.</param>
    /// <param name="call">The call.</param>
    /// <param name="sent">The answer.</param>
    /// <param name="key">The caller's name for it.</param>
    /// <param name="hash">What a repeat under it says again.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<Queued> AnswerAsync(
        KeyGrant by, StoredCall call, AnswerCall sent, string key, string hash, CancellationToken cancellation)
    {
        var answer = await ReadAsync(by, call, sent, key, cancellation);
        return await database.TransactAsync(async unit =>
        {
            if (await calls.FindAnswerAsync(unit, call.Id, key) is { } before)
            {
                return before.Hash == hash ? new Queued(before.Number, answer.Notes)
                    : throw Conflict("key_in_use", "Another answer to this call was given under this key before.");
            }

            var now = await calls.FindAsync(unit, call.Id) ?? throw CommandEndpoints.NoCall();
            if (now.State == CallState.Form) throw Conflict("not_called", "The person has not sent the form yet.");
            if (clock.GetUtcNow() - now.CreatedAt > Open) throw Conflict("call_expired", $"A call can be answered for {Open.Days} days.");
            if (now.Answers >= Most) throw Conflict("too_many_answers", $"A call has {Most} answers at most.");
            if (!replies.Has(call.Platform)) throw Conflict("no_platform", $"The gateway does not talk on {call.Platform} any more.");
            var number = await calls.AnswerAsync(unit, call.Id, key, hash);
            if (answer.Card is { } card) await cards.AddAsync(unit, call.Platform, card, clock.GetUtcNow());
            await replies.SayAsync(unit, call.Platform, call.App, call.Reply, answer.Response, $"command {call.Id} answer {number}",
                call.Reference);
            return new Queued(number, answer.Notes);
        }, cancellation);
    }

    private async Task<Answer> ReadAsync(KeyGrant by, StoredCall call, AnswerCall sent, string key, CancellationToken cancellation)
    {
        var ways = (sent.Text is null ? 0 : 1) + (sent.Markdown is null ? 0 : 1) + (sent.CardMessage is null ? 0 : 1);
        if (ways != 1)
            throw RequestRefusedException.Malformed("several_contents", null, "An answer has one of text, markdown and card_message.");
        if (sent is { Title: not null, Markdown: null }) throw BodyRefusals.Unknown("/title", "title", []);
        if (sent.Text is { } text) return Checked(call, new Answer(UnifiedResponse.Text(text), null, []), "/text");
        if (sent.Markdown is { } words)
            return Checked(call, new Answer(new UnifiedResponse(words) { Title = sent.Title }, null, []), "/markdown");

        const string at = "/card_message";
        var given = sent.CardMessage!.Value;
        var card = CardMessageReader.Read(given, at);
        if (card.Webhook is { } webhook && !clicks.MayName(by, webhook))
            throw RequestRefusedException.Impossible("unknown_webhook", at + "/webhook",
                $"No webhook \"{JsonFields.Shown(webhook)}\" is the calling key's system's or the administrators'.");
        await MessageTargets.DemandFilesAsync(objects, by, call.App, given.GetRawText(), at, cancellation);
        // Its id is random to everybody, and another one at a repeat: the repeat sends nothing.
        var stored = card.Callbacks.Any()
            ? new StoredCard("cm" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), call.App, key, given.GetRawText()) {
                Owner = call.Owner }
            : null;
        return Checked(call, new Answer(new UnifiedResponse(card.Title.In(call.Locale))
        {
            Kind = ResponseKind.Card, Card = card, Locale = call.Locale, Face = new CardFace(CardDecisions.Kind, stored?.Id ?? ""),
        }, stored, []), at);
    }

    /// <summary>What the platform cannot show is said now, and what it has no card of is refused now.</summary>
    private Answer Checked(StoredCall call, Answer answer, string at)
    {
        try
        {
            return answer with { Notes = [.. faces.Compile(call.Platform, answer.Response).Notes.Select(n => n.English)] };
        }
        catch (ArgumentException e)
        {
            throw RequestRefusedException.Impossible("bad_card", at, $"No card can be made of it: {e.Message}");
        }
    }

    private static RequestRefusedException Conflict(string word, string sentence) =>
        new(StatusCodes.Status409Conflict, word, null, sentence);

    private sealed record Answer(UnifiedResponse Response, StoredCard? Card, IReadOnlyList<string> Notes);
}

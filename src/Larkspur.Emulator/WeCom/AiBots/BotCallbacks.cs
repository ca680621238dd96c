using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>The AI bot at a callback address: JSON, encrypted for no receiver in particular; an answer that streams is asked for again and again until it ends.</summary>
internal sealed class BotCallbacks(EmulatorState state, EmulatorSettings settings, WeComCorp corp, WeComIds ids, CallbackSender sender, BotAnswers answers, BotStreams streams, BotResponseUrls responseUrls,
    IHostApplicationLifetime lifetime) : IResettableState
{
    public const int MessageAttempts = 3;
    /// <summary>Unfinished answers of one person.</summary>
    public const int MostOpen = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public CallbackCrypt Crypt => new(corp.BotToken, corp.BotAesKey, "");

    public async Task<CallbackOutcome> DeliverAsync(BotEvent happened, string url, CancellationToken cancellationToken)
    {
        var user = happened.Request.UserId;
        if (!happened.IsEvent && Open(user) >= MostOpen) return new CallbackOutcome(0, $"not sent: {MostOpen} answers to {user} are still open", "");
        var plain = CanonicalJson.Write(happened.Body(settings.WeCom.AiBotId, overCallback: true, happened.IsEvent ? null : responseUrls.Issue(happened.Request)));
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await PostAsync(happened.Request, happened.Type, happened.MsgId, url, plain, attempt, encrypt: true, cancellationToken);
            // An event is sent once.
            if (!outcome.Taken && !happened.IsEvent && attempt < MessageAttempts) continue;
            if (StreamOf(outcome) is { } id && !streams.Ended(happened.Request, id)) _ = PollAsync(happened.Request, id, url);
            return outcome;
        }
    }

    /// <summary>One POST, and what comes back taken as the bot's answer.</summary>
    public async Task<CallbackOutcome> PostAsync(BotRequest request, string type, string msgId, string url, string plain, int attempt, bool encrypt, CancellationToken cancellationToken)
    {
        var began = state.Inspector.NextNumber();
        var crypt = Crypt;
        var (timestamp, nonce) = (settings.RealTime.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ids.Nonce());
        var encrypted = encrypt ? crypt.Encrypt(plain, ids.Bytes(16)) : "";
        var query = encrypt ? $"msg_signature={crypt.Sign(timestamp, nonce, encrypted)}&timestamp={timestamp}&nonce={nonce}" : $"timestamp={timestamp}&nonce={nonce}";
        var body = encrypt ? CanonicalJson.Write(new JsonObject { ["encrypt"] = encrypted }) : plain;
        var address = AppCallbacks.With(url, query);
        var result = await sender.SendAsync(address, body, "application/json", Deadline, cancellationToken);
        var outcome = OutcomeOf(request, result, crypt);
        state.Inspector.Add(new PushAttempt
        {
            Headers = [KeyValuePair.Create("Content-Type", "application/json")],
            Platform = WeComPlatform.PlatformName,
            Number = state.Inspector.NextNumber(), Began = began, Time = state.Clock.GetUtcNow(), AppId = settings.WeCom.AiBotId, Url = address, EventType = type, EventId = msgId, Attempt = attempt,
            PlainBody = WeComRedaction.Body(plain), EncryptedBody = encrypt ? body : "", Status = result.Status, ResponseBody = outcome.Reply is { } reply ? $"{result.Body}\n\n{reply}" : result.Body,
            Milliseconds = result.Milliseconds, Verdict = outcome.Verdict,
        });
        return outcome;
    }

    public void Reset()
    {
        lock (_gate) _open.Clear();
    }

    /// <summary>Asks every second of virtual time until the stream ends or its window closes.</summary>
    private async Task PollAsync(BotRequest request, string streamId, string url)
    {
        Count(request.UserId, 1);
        try
        {
            while (!streams.Ended(request, streamId) && request.Began + BotStreams.Life > state.Clock.GetUtcNow())
            {
                await Task.Delay(PollEvery, state.Clock, lifetime.ApplicationStopping);
                var msgId = ids.MsgId();
                var body = new JsonObject { ["msgid"] = msgId, ["create_time"] = state.Clock.GetUtcNow().ToUnixTimeSeconds(), ["aibotid"] = settings.WeCom.AiBotId };
                BotEvent.Chat(body, request);
                (body["msgtype"], body["stream"]) = ("stream", new JsonObject { ["id"] = streamId });
                await PostAsync(request, "stream", msgId, url, CanonicalJson.Write(body), 1, encrypt: true, CancellationToken.None);
            }
        }
        finally
        {
            Count(request.UserId, -1);
        }
    }

    private int Open(string user)
    {
        lock (_gate) return _open.GetValueOrDefault(user);
    }

    private void Count(string user, int by)
    {
        lock (_gate)
        {
            var now = Math.Max(0, _open.GetValueOrDefault(user) + by);
            if (now == 0) _open.Remove(user);
            else _open[user] = now;
        }
    }

    private CallbackOutcome OutcomeOf(BotRequest request, DeliveryResult result, CallbackCrypt crypt)
    {
        if (result.Failure != DeliveryFailure.None) return new CallbackOutcome(0, $"no answer: {result.Failure}", "");
        if (result.Status != StatusCodes.Status200OK) return new CallbackOutcome(result.Status, $"answered {result.Status}, not 200", result.Body);
        if (result.Body.Trim().Length == 0) return new CallbackOutcome(result.Status, "accepted", result.Body);
        string? plain = null;
        try
        {
            var outer = StrictJson.Parse(result.Body) as JsonObject ?? throw new BadCallbackException(BadCallbackException.Form, "it is no JSON object");
            plain = crypt.Open(WeComJson.Text(outer, "msgsignature") ?? "", outer["timestamp"]?.ToString() ?? "", WeComJson.Text(outer, "nonce") ?? "", WeComJson.Text(outer, "encrypt") ?? "");
            var answer = StrictJson.Parse(plain) as JsonObject ?? throw new BadCallbackException(BadCallbackException.Form, "it is no JSON object");
            switch (request.Kind)
            {
                case BotRequestKind.Message:
                    answers.Respond(request, answer, overCallback: true);
                    break;
                case BotRequestKind.EnterChat:
                    answers.Welcome(request, answer);
                    break;
                case BotRequestKind.CardClick:
                    answers.Update(request, answer);
                    break;
                default:
                    return new CallbackOutcome(result.Status, "accepted, but a feedback_event is answered with nothing", result.Body) { IsAnsweredBadly = true, Reply = plain };
            }

            return new CallbackOutcome(result.Status, $"answered with {WeComJson.Text(answer, "msgtype") ?? WeComJson.Text(answer, "response_type")}", result.Body) { Reply = plain };
        }
        catch (Exception bad) when (bad is BadCallbackException or JsonException)
        {
            return new CallbackOutcome(result.Status, $"accepted, but its answer is not understood: {bad.Message}", result.Body) { IsAnsweredBadly = true };
        }
        catch (WeComRefusal refusal)
        {
            return new CallbackOutcome(result.Status, $"accepted, but its answer is not shown: {refusal.Code} {refusal.Message}", result.Body) { IsAnsweredBadly = true, Reply = plain };
        }
    }

    private static string? StreamOf(CallbackOutcome outcome) =>
        outcome.Reply is { } reply && StrictJson.Parse(reply) is JsonObject answer && answer["stream"] is JsonObject stream && stream["id"] is JsonValue id && id.TryGetValue<string>(out var text) ? text : null;
}

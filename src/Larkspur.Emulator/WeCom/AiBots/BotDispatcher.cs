using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>Takes what people do to the AI bot: over its long connection while there is one, else to its callback address.</summary>
internal sealed class BotDispatcher(EmulatorState state, EmulatorSettings settings, WeComCorp corp, BotConnections connections, BotRequests requests, BotCallbacks callbacks)
{
    public async Task<CallbackOutcome> DeliverAsync(BotEvent happened, CancellationToken cancellationToken = default)
    {
        if (connections.Current is { } connection)
        {
            requests.Add(happened.Request);
            return await OverSocketAsync(connection, happened, cancellationToken);
        }

        if (corp.BotCallbackUrl.Length == 0) return new CallbackOutcome(0, "no long connection is open and no callback address is set", "");
        requests.Add(happened.Request);
        return await callbacks.DeliverAsync(happened, corp.BotCallbackUrl, cancellationToken);
    }

    /// <summary>One frame; the client acknowledges nothing, it answers or not.</summary>
    public async Task<CallbackOutcome> OverSocketAsync(BotConnection connection, BotEvent happened, CancellationToken cancellationToken)
    {
        var began = state.Inspector.NextNumber();
        var body = happened.Body(settings.WeCom.AiBotId, overCallback: false, null);
        var plain = CanonicalJson.Write(body);
        var sent = await connection.SendAsync(BotFrame.Push(happened.Command, happened.Request.ReqId, body), cancellationToken);
        var outcome = new CallbackOutcome(sent ? StatusCodes.Status200OK : 0, sent ? $"sent over {connection.Id}" : "the connection is lost", "");
        state.Inspector.Add(new PushAttempt
        {
            Platform = WeComPlatform.PlatformName,
            Number = state.Inspector.NextNumber(), Began = began, Time = state.Clock.GetUtcNow(), AppId = settings.WeCom.AiBotId, Url = connection.Id, Transport = PushAttempt.Socket, EventType = happened.Type,
            EventId = happened.MsgId, Attempt = 1, Headers = [KeyValuePair.Create("cmd", happened.Command), KeyValuePair.Create("req_id", happened.Request.ReqId)], PlainBody = WeComRedaction.Body(plain),
            Status = outcome.Status, Verdict = outcome.Verdict,
        });
        return outcome;
    }
}

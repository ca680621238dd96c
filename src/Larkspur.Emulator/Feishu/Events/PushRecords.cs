using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Events;

internal static class PushRecords
{
    public static PushAttempt Make(EmulatorState state, BotApp app, string type, string eventId, int attempt, Delivery delivery, string verdict, DateTimeOffset? next = null) =>
        Make(state, app, type, eventId, attempt, delivery.Through, delivery.SignedRequest, delivery.Result, verdict, next,
            delivery.Route == PushRoute.LongConnection ? PushAttempt.Socket : PushAttempt.Webhook);

    public static PushAttempt Make(
        EmulatorState state, BotApp app, string type, string eventId, int attempt, string url, SignedRequest signed, DeliveryResult result, string verdict,
        DateTimeOffset? next = null, string transport = PushAttempt.Webhook) => new()
        {
            Platform = FeishuPlatform.PlatformName,
            Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), AppId = app.AppId, Url = url, EventType = type, EventId = eventId,
            Attempt = attempt, Transport = transport, Headers = signed.Headers, PlainBody = Redaction.Body(signed.Plain), EncryptedBody = signed.Encrypted ? signed.Body : "",
            Status = result.Status, ResponseBody = result.Body, Milliseconds = result.Milliseconds, Verdict = verdict, NextAttempt = next,
        };
}

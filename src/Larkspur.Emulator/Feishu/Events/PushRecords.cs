using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Events;

internal static class PushRecords
{
    public static PushAttempt Make(EmulatedWorld world, BotApp app, string type, string eventId, int attempt, Delivery delivery, string verdict, DateTimeOffset? next = null) =>
        Make(world, app, type, eventId, attempt, delivery.Through, delivery.Parcel, delivery.Result, verdict, next,
            delivery.Route == PushRoute.LongConnection ? PushAttempt.Socket : PushAttempt.Webhook);

    public static PushAttempt Make(
        EmulatedWorld world, BotApp app, string type, string eventId, int attempt, string url, Parcel parcel, DeliveryResult result, string verdict,
        DateTimeOffset? next = null, string transport = PushAttempt.Webhook) => new()
        {
            Number = world.Inspector.NextNumber(), Time = world.Clock.GetUtcNow(), AppId = app.AppId, Url = url, EventType = type, EventId = eventId,
            Attempt = attempt, Transport = transport, Headers = parcel.Headers, PlainBody = Redaction.Body(parcel.Plain), EncryptedBody = parcel.Encrypted ? parcel.Body : "",
            Status = result.Status, ResponseBody = result.Body, Milliseconds = result.Milliseconds, Verdict = verdict, NextAttempt = next,
        };
}

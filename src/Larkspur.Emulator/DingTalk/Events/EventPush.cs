using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Events;

/// <summary>Something that happened, before it is put into either way's envelope.</summary>
internal sealed record DingTalkEvent(string Type, string Id, JsonObject Data, DateTimeOffset Born);

/// <summary>Pushes an event once, over Stream mode or HTTP, and tells whether the receiver acknowledged it.</summary>
internal sealed class EventPush(EmulatorState state, EmulatorSettings settings, StreamEventSender stream, HttpEventSender http)
{
    private readonly CallbackCrypto _crypto = new(settings.DingTalk.Token, settings.DingTalk.AesKey, settings.DingTalk.ClientId);

    /// <summary>Over one connection that listens to events. Its type, id and time stand in the headers, its data alone in the frame.</summary>
    public async Task<(Delivery Delivery, bool Taken)> OverStreamAsync(DingTalkEvent @event, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var delivery = await stream.SendAsync(new StreamFrame(StreamFrame.Event, "*", state.Ids.Next(""), CanonicalJson.Write(@event.Data))
        {
            Headers =
            [
                KeyValuePair.Create("eventType", @event.Type), KeyValuePair.Create("eventId", @event.Id), KeyValuePair.Create("eventCorpId", settings.DingTalk.CorpId),
                KeyValuePair.Create("eventBornTime", @event.Born.ToUnixTimeMilliseconds().ToString()), KeyValuePair.Create("eventUnifiedAppId", settings.DingTalk.ClientId),
            ],
        }, patience, clock, cancellationToken);
        var taken = delivery.Accepted && (DingTalkCall.Parsed(delivery.Body) as JsonObject)?["status"]?.ToString() == "SUCCESS";
        return (delivery, taken);
    }

    /// <summary>To an address; taken when the answer is the encrypted word success.</summary>
    public async Task<(Delivery Delivery, bool Taken)> OverHttpAsync(string url, DingTalkEvent @event, bool encrypt, TimeSpan patience, CancellationToken cancellationToken)
    {
        var plain = CanonicalJson.Write(Plain(@event));
        if (!encrypt)
        {
            var bare = await http.SendAsync(url, url, plain, [], patience, cancellationToken);
            return (bare, bare.Accepted);
        }

        var random = new byte[16];
        state.Ids.Fill(random);
        var encrypted = _crypto.Encrypt(plain, random);
        // The receiver has a clock of its own, so this one is real.
        var (timestamp, nonce) = (settings.RealTime.GetUtcNow().ToUnixTimeMilliseconds().ToString(), state.Ids.Next("")[..8]);
        var signature = _crypto.Sign(timestamp, nonce, encrypted);
        var body = CanonicalJson.Write(new JsonObject { ["encrypt"] = encrypted });
        var target = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}msg_signature={signature}&signature={signature}&timestamp={timestamp}&nonce={nonce}";
        var delivery = await http.SendAsync(target, url, body, [], patience, cancellationToken) with { Encrypted = body };
        return (delivery, delivery.Accepted && IsSuccess(delivery.Body));
    }

    /// <summary>Over HTTP what a stream's headers say stands beside the data.</summary>
    public JsonObject Plain(DingTalkEvent @event)
    {
        var plain = new JsonObject { ["EventType"] = @event.Type };
        if (!@event.Type.StartsWith("check_", StringComparison.Ordinal))
        {
            (plain["EventTime"], plain["CorpId"], plain["BizId"], plain["eventId"]) = (@event.Born.ToUnixTimeMilliseconds(), settings.DingTalk.CorpId, @event.Id, @event.Id);
        }

        foreach (var (name, value) in @event.Data) plain[name] = value?.DeepClone();
        return plain;
    }

    /// <summary>Signed and encrypted as the platform's own pushes are.</summary>
    private bool IsSuccess(string body)
    {
        if (DingTalkCall.Parsed(body) is not JsonObject answer) return false;
        var (signature, timestamp, nonce, encrypted) = (Said("msg_signature"), Said("timeStamp"), Said("nonce"), Said("encrypt"));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(_crypto.Sign(timestamp, nonce, encrypted))) && _crypto.Decrypt(encrypted) == "success";

        string Said(string name) => answer[name]?.ToString() ?? "";
    }
}

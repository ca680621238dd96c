using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Brings people's messages to the robot: over Stream mode while a client listens, else signed to the callback address.</summary>
internal sealed class RobotDeliveries(
    EmulatorState state, EmulatorSettings settings, StreamConnections connections, StreamEventSender stream, HttpEventSender http, DeliveryRecords records, BackgroundDeliveries background,
    WebhookContent contents, RobotMessages voice, FaultRules faults)
{
    /// <summary>What is not answered by then is pushed once more. (Sources disagree whether it is; how often is UNVERIFIED.)</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(60);
    private const int Tries = 2;
    // Bodies of this way are answered while the gateway waits; its own limit is 3 s.
    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(3);

    public string CallbackUrl { get; set; } = settings.DingTalk.CallbackUrl;

    /// <returns><see langword="false"/> when too many deliveries are under way.</returns>
    public bool Begin(string chatId, JsonObject body)
    {
        var fault = faults.ForEvent(StreamTopics.RobotMessage);
        var begun = background.Begin(token => DeliverAsync(chatId, body, token));
        if (fault is { Kind: FaultKind.Duplicate })
        {
            var twin = body.DeepClone().AsObject();
            if (fault.NewId) twin["msgId"] = "msg" + Convert.ToBase64String(Convert.FromHexString(state.Ids.Next("")));
            begun &= background.Begin(token => DeliverAsync(chatId, twin, token));
        }

        return begun;
    }

    /// <summary>One try over the stream, for whoever wants to see its answer.</summary>
    public Task<Delivery> OverStreamAsync(string plain, string messageId, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken) =>
        stream.SendAsync(new StreamFrame(StreamFrame.Callback, StreamTopics.RobotMessage, messageId, plain), patience, clock, cancellationToken);

    /// <summary>One try to an address.</summary>
    public Task<Delivery> OverHttpAsync(string url, string plain, TimeSpan patience, CancellationToken cancellationToken)
    {
        // The receiver has a clock of its own, so this one is real.
        var timestamp = settings.RealTime.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        ImmutableArray<KeyValuePair<string, string>> headers = [KeyValuePair.Create("timestamp", timestamp), KeyValuePair.Create("sign", RobotSign.Of(settings.DingTalk.ClientSecret, timestamp))];
        return http.SendAsync(url, url, plain, headers, patience, cancellationToken);
    }

    private async Task DeliverAsync(string chatId, JsonObject body, CancellationToken cancellationToken)
    {
        var plain = CanonicalJson.Write(body);
        var id = body["msgId"]!.GetValue<string>();
        // The repeated frame has the id of the first: clients know it by that.
        var frameId = state.Ids.Next("");
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (!connections.AnyFor(StreamFrame.Callback, StreamTopics.RobotMessage))
            {
                await OnceOverHttpAsync(chatId, plain, id, attempt, cancellationToken);
                return;
            }

            var began = state.Clock.GetUtcNow();
            var delivery = await OverStreamAsync(plain, frameId, Again, state.Clock, cancellationToken);
            var answered = delivery.End == DeliveryEnd.Answered;
            var next = !answered && attempt < Tries ? began + Again : (DateTimeOffset?)null;
            records.Add(delivery, StreamTopics.RobotMessage, id, attempt, plain, answered ? $"answered {delivery.Status}" : $"not answered ({delivery.End})", next);
            if (next is not { } due) return;
            if (due - state.Clock.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, state.Clock, cancellationToken);
        }
    }

    private async Task OnceOverHttpAsync(string chatId, string plain, string id, int attempt, CancellationToken cancellationToken)
    {
        var delivery = CallbackUrl.Length == 0 ? new Delivery(Delivery.Webhook, "", DeliveryEnd.Nowhere, 0, "", 0) : await OverHttpAsync(CallbackUrl, plain, HttpPatience, cancellationToken);
        var verdict = delivery.End == DeliveryEnd.Nowhere ? "no client of Stream mode is connected, and there is no callback address" : delivery.Accepted ? Answer(chatId, delivery.Body) : $"not taken ({(delivery.End == DeliveryEnd.Answered ? delivery.Status : delivery.End)})";
        records.Add(delivery, StreamTopics.RobotMessage, id, attempt, plain, verdict);
    }

    /// <summary>The response may say something, in the words of a session's answers.</summary>
    private string Answer(string chatId, string body)
    {
        if (DingTalkCall.Parsed(body) is not JsonObject answer || answer["msgtype"] is null) return "taken";
        try
        {
            if (contents.Read(answer) is not { } content) return "taken, answered empty";
            voice.Say(chatId, content);
            return "taken and answered";
        }
        catch (DingTalkRefusal refusal)
        {
            return $"taken; the answer is refused: {refusal.ErrCode} {refusal.Message}";
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Deliveries;

internal enum DeliveryEnd
{
    Answered,
    /// <summary>Not in time.</summary>
    NoAnswer,
    /// <summary>The address could not be reached, or broke off.</summary>
    Unreachable,
    /// <summary>No client of Stream mode listens to it.</summary>
    Offline,
    /// <summary>The connection ended before the answer came.</summary>
    Lost,
    /// <summary>There is neither a connection nor an address.</summary>
    Nowhere,
}

/// <summary>One try to deliver something, and what came back.</summary>
/// <param name="Status">HTTP status or the acknowledgement's code; 0 when no answer came.</param>
/// <param name="Body">The answer: an HTTP body, or the acknowledgement's <c>data</c>.</param>
/// <param name="Through">The address, or which connection.</param>
internal sealed record Delivery(string Transport, string Through, DeliveryEnd End, int Status, string Body, double Milliseconds)
{
    public const string Stream = "stream";
    public const string Webhook = "webhook";

    /// <summary>Of the request.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body on the wire when it was encrypted.</summary>
    public string Encrypted { get; init; } = "";

    public bool Accepted => End == DeliveryEnd.Answered && Status == 200;

    public JsonObject Show()
    {
        var shown = new JsonObject { ["status"] = Status, ["body"] = Body, ["ms"] = Milliseconds, ["transport"] = Transport, ["through"] = Through };
        if (End != DeliveryEnd.Answered) shown["error"] = End.ToString().ToLowerInvariant();
        return shown;
    }
}

/// <summary>Writes deliveries into the inspector.</summary>
internal sealed class DeliveryRecords(EmulatorState state, DingTalkSettings settings)
{
    public void Add(Delivery delivery, string type, string id, int attempt, string plain, string verdict, DateTimeOffset? next = null) => state.Inspector.Add(new PushAttempt
    {
        Platform = DingTalkPlatform.PlatformName,
        Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), AppId = settings.ClientId, Url = delivery.Through, Transport = delivery.Transport, EventType = type, EventId = id,
        Attempt = attempt, Headers = delivery.Headers, PlainBody = DingTalkRedaction.Text(plain), EncryptedBody = delivery.Encrypted, Status = delivery.Status,
        ResponseBody = DingTalkRedaction.Text(delivery.Body), Milliseconds = delivery.Milliseconds, Verdict = verdict, NextAttempt = next,
    });
}

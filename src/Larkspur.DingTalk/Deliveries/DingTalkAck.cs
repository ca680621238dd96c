using System.Text.Json;
using Larkspur.DingTalk.Cards;

namespace Larkspur.DingTalk;

/// <summary>What a handler says of a delivery, and so what the platform is told.</summary>
public sealed record DingTalkAck
{
    private DingTalkAck(int code, string message) => (Code, Message) = (code, message);

    /// <summary>It is recorded, or done: the platform need not send it again.</summary>
    public static DingTalkAck Received { get; } = new(200, "OK");

    /// <summary>It could not be taken: an event is sent again, a callback is answered with 500.</summary>
    public static DingTalkAck Failed { get; } = new(500, "handler failed") { IsLater = true };

    /// <summary>Nobody here takes this topic (404).</summary>
    public static DingTalkAck NotHandled { get; } = new(404, "no handler");

    /// <summary>It could not be understood (400).</summary>
    public static DingTalkAck Malformed { get; } = new(400, "malformed");

    /// <summary>200, 400, 404 or 500.</summary>
    public int Code { get; }

    /// <summary>A word for the platform; it shows up in its logs.</summary>
    public string Message { get; private init; }

    /// <summary>Called once: true when the answer left in time (2 s for cards), false when it was late or lost. Null: nobody asks.</summary>
    public Func<bool, Task>? AnswerSent { get; init; }

    /// <summary>The event is wanted again, later.</summary>
    public bool IsLater { get; private init; }

    /// <summary>What a callback is answered with.</summary>
    public object? Response { get; private init; }

    /// <summary>Not now: an event is sent again later, a callback is answered with 500.</summary>
    /// <param name="message">Why, for the platform's logs.</param>
    public static DingTalkAck Later(string message) => new(500, message) { IsLater = true };

    /// <summary>The answer to a card callback.</summary>
    public static DingTalkAck Answer(CardAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new(200, "OK") { Response = answer.Body() };
    }

    /// <summary>The answer to a callback of another topic, written as JSON with camelCase names.</summary>
    public static DingTalkAck Answer(object? response) => new(200, "OK") { Response = response };

    /// <summary>For events a later time is no failure: it is said inside of an answer that is well.</summary>
    internal int CodeFor(DingTalkDeliveryKind kind) => kind == DingTalkDeliveryKind.Event && IsLater ? 200 : Code;

    /// <summary>The <c>data</c> of the answering frame: JSON as text.</summary>
    internal string DataFor(DingTalkDeliveryKind kind) => JsonSerializer.Serialize<object>(kind switch
    {
        DingTalkDeliveryKind.Event => new { status = IsLater ? "LATER" : "SUCCESS", message = Message },
        DingTalkDeliveryKind.CardCallback => new { response = Response ?? new { } },
        _ => new Dictionary<string, object?> { ["response"] = Response },
    }, DingTalkJson.New);
}

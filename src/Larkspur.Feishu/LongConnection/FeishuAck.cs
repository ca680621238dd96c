using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Takes what comes over a long connection. The platform hears of it only what the returned task says.</summary>
/// <remarks>
/// Calls begin in the order of arrival, on the loop that reads the socket: return soon or await, never block. An exception is answered with
/// 500, and the platform
/// sends an event again (after 15 s, 5 min, 1 h, 6 h); a card callback it never repeats.
/// </remarks>
/// <param name="delivery">A checked delivery, the same as a webhook's.</param>
/// <param name="cancellationToken">The connection has stopped and its patience is over.</param>
public delegate ValueTask<FeishuAck> FeishuDeliveryHandler(FeishuDelivery delivery, CancellationToken cancellationToken);

/// <summary>What a handler lets the platform know.</summary>
public sealed class FeishuAck
{
    private FeishuAck(int code, ReadOnlyMemory<byte>? body) => (Code, Body) = (code, body);

    /// <summary>It is recorded, or done: do not send it again.</summary>
    public static FeishuAck Received { get; } = new(200, null);

    /// <summary>It could not be recorded: send it again.</summary>
    public static FeishuAck Failed { get; } = new(500, null);

    /// <summary>200 or 500.</summary>
    public int Code { get; }

    /// <summary>The answer to a callback, JSON; null: none.</summary>
    public ReadOnlyMemory<byte>? Body { get; }

    /// <summary>
    /// Called once: true when the answer left within the platform's 3 s; else whatever it said has to be done in another way. Null: nobody
    /// asks.
    /// </summary>
    public Func<bool, Task>? AnswerSent { get; init; }

    /// <summary>The answer to a callback: JSON in the shape of a webhook's body.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="answerSent">See <see cref="AnswerSent"/>.</param>
    public static FeishuAck Answer(ReadOnlyMemory<byte> json, Func<bool, Task>? answerSent = null) => new(200, json) { AnswerSent = answerSent };
}

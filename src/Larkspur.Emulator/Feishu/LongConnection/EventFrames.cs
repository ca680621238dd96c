using System.Globalization;
using System.Text;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>One event on its way over a connection: its payload, cut into as many frames as it takes.</summary>
/// <param name="MessageId">New for each attempt, so that a late answer to one attempt is not taken for the answer to the next.</param>
internal sealed record EventFrames(string MessageId, ulong LogId, IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Headers, IReadOnlyList<ReadOnlyMemory<byte>> Payloads)
{
    /// <summary>A card callback is an event like any other here: its kind stands in the payload only.</summary>
    private const string Type = "event";

    /// <param name="parts">How many frames; no frame is left without a byte.</param>
    public static EventFrames Of(string plain, int parts, IdSource ids, DateTimeOffset now)
    {
        var payload = Encoding.UTF8.GetBytes(plain).AsMemory();
        parts = Math.Clamp(parts, 1, Math.Max(1, payload.Length));
        var messageId = ids.Next("");
        Span<byte> log = stackalloc byte[8];
        ids.Fill(log);
        var payloads = new ReadOnlyMemory<byte>[parts];
        var headers = new IReadOnlyList<KeyValuePair<string, string>>[parts];
        for (var i = 0; i < parts; i++)
        {
            var (from, to) = ((int)((long)payload.Length * i / parts), (int)((long)payload.Length * (i + 1) / parts));
            payloads[i] = payload[from..to];
            headers[i] =
            [
                KeyValuePair.Create(FrameHeader.Type, Type),
                KeyValuePair.Create(FrameHeader.MessageId, messageId),
                KeyValuePair.Create(FrameHeader.Sum, Text(parts)),
                KeyValuePair.Create(FrameHeader.Seq, Text(i)),
                KeyValuePair.Create(FrameHeader.TraceId, "trace-" + messageId),
                KeyValuePair.Create(FrameHeader.Timestamp, Text(now.ToUnixTimeMilliseconds())),
            ];
        }

        // Within 53 bits: clients in JavaScript echo it as a double.
        return new EventFrames(messageId, BitConverter.ToUInt64(log) >> 11, headers, payloads);
    }

    public IEnumerable<Frame> On(SocketConnection connection) => Payloads.Select((payload, i) => new Frame
    {
        SeqId = connection.NextSeqId(), LogId = LogId, Service = connection.ServiceId, Method = Frame.Data, Headers = Headers[i], Payload = payload,
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

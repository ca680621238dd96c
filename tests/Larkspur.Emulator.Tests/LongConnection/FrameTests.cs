using System.Net.WebSockets;
using System.Text;
using Larkspur.Emulator.Feishu.LongConnection;

namespace Larkspur.Emulator.Tests.LongConnection;

public sealed class FrameTests : LongConnectionTest
{
    private static readonly byte[] Ping = Convert.FromHexString("0800100018a8462000" + "2a0c0a0474797065120470696e67");

    [Fact]
    public void A_ping_is_these_bytes_and_zeros_are_written()
    {
        Assert.Equal(Ping, FrameWriter.Write(new Frame { Service = 9000, Headers = [KeyValuePair.Create("type", "ping")] }));
        Assert.Equal(Ping, TestFrame.Ping(9000).Bytes());
        Assert.Equal("ping", FrameReader.Read(Ping).Header("type"));
    }

    [Theory]
    [InlineData(0UL, 0UL, 0, 0)]
    [InlineData(1UL, 127UL, 128, 1)]
    [InlineData(ulong.MaxValue, 1UL << 53, int.MaxValue, int.MinValue)]
    [InlineData(1UL << 63, 16383UL, -1, 2)]
    public void Two_codecs_written_apart_read_each_other(ulong seqId, ulong logId, int service, int method)
    {
        var mine = new TestFrame(seqId, logId, service, method, [("type", "event"), ("名", "值😀"), ("", "")], Encoding.UTF8.GetBytes(new string('载', 300)));
        var read = FrameReader.Read(mine.Bytes());
        Assert.Equal((seqId, logId, service, method), (read.SeqId, read.LogId, read.Service, read.Method));
        Assert.Equal(mine.Headers, read.Headers.Select(h => (h.Key, h.Value)));
        Assert.Equal(mine.Payload, read.Payload.ToArray());
        var back = TestFrame.Parse(FrameWriter.Write(read));
        Assert.Equal(mine.Bytes(), back.Bytes());

        var whole = read with { PayloadEncoding = "gzip", PayloadType = "json", LogIdNew = "2026" };
        var again = FrameReader.Read(FrameWriter.Write(whole));
        Assert.Equal(("gzip", "json", "2026"), (again.PayloadEncoding, again.PayloadType, again.LogIdNew));
    }

    [Fact]
    public void Unknown_fields_are_passed_over()
    {
        byte[] strange = [.. Ping, 0x50, 0x01, 0x59, 1, 2, 3, 4, 5, 6, 7, 8, 0x65, 1, 2, 3, 4, 0x6a, 2, 9, 9];
        Assert.Equal(9000, FrameReader.Read(strange).Service);
    }

    public static TheoryData<string, string> BadFrames => new()
    {
        { "nothing at all", "" },
        { "no method", "0800100018a846" },
        { "a field number of 0", "00" },
        { "a group", "0800100018002000" + "53" },
        { "a number without an end", "08ffffffffffffffffffff" },
        { "a number over 64 bits", "08ffffffffffffffffff02" },
        { "a length beyond the frame", "0800100018002000" + "42ffffffff0f" },
        { "a length beyond any memory", "0800100018002000" + "42ffffffffffffffffff01" },
        { "a cut fixed number", "0800100018002000" + "5901" },
        { "a header without a value", "0800100018002000" + "2a060a0474797065" },
        { "a header cut off", "0800100018002000" + "2a0c0a0474797065" },
        { "a text that is not UTF-8", "0800100018002000" + "3202fffe" },
        { "too many headers", "0800100018002000" + string.Concat(Enumerable.Repeat("2a060a016b120176", 65)) },
        { "SeqID as text", "0a0130100018002000" },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task What_is_no_frame_closes_the_socket(string what, string hex)
    {
        Assert.NotEmpty(what);
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<BadFrameException>(() => FrameReader.Read(bytes));
        await using var client = await TestClient.ConnectAsync(Emulator);
        await client.SendAsync(bytes);
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.ProtocolError, client.Closed);
        await UntilAsync(async () => await OnlineAsync() == 0);
    }

    [Fact]
    public async Task Text_and_giants_close_the_socket_too()
    {
        await using var text = await TestClient.ConnectAsync(Emulator);
        await text.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Text);
        Assert.Null(await text.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, text.Closed);

        await using var giant = await TestClient.ConnectAsync(Emulator);
        await giant.SendAsync(new byte[(1 << 20) + 4096]);
        Assert.Null(await giant.ReceiveAsync());
        await UntilAsync(async () => await OnlineAsync() == 0);
    }

    [Fact]
    public async Task A_stray_frame_harms_nothing()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        await client.SendAsync(new TestFrame(1, 2, 3, 1, [("message_id", "never sent")], [1, 2, 3]));
        await client.SendAsync(new TestFrame(1, 2, 3, 1, [], []));
        await client.SendAsync(new TestFrame(1, 2, 3, 0, [("type", "news of tomorrow")], []));
        await client.SendAsync(new TestFrame(1, 2, 3, -7, [], []));
        Assert.Equal("pong", (await client.PingAsync())["type"]);
        Assert.Equal(2, (await ConnectionsAsync())["connections"]![0]!["strays"]!.GetValue<int>());
    }

    /// <summary>Changed, cut and random bytes are a frame or a bad frame, never another failure, and cost no more than they weigh.</summary>
    [Fact]
    public void Fuzzed_bytes_are_validated_at_a_bounded_cost()
    {
        var random = new Random(4711);
        var good = new TestFrame(42, 1 << 20, 9000, 1, [("type", "event"), ("message_id", "abc"), ("sum", "1"), ("seq", "0")], Encoding.UTF8.GetBytes("""{"code":200,"data":"e30="}""")).Bytes();
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 50_000; round++)
        {
            byte[] bytes;
            switch (round % 3)
            {
                case 0:
                    bytes = [.. good];
                    for (var n = random.Next(1, 5); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes = good[..random.Next(good.Length)];
                    break;
                default:
                    bytes = new byte[random.Next(80)];
                    random.NextBytes(bytes);
                    break;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var frame = FrameReader.Read(bytes);
                taken++;
                Assert.True(frame.Payload.Length <= bytes.Length);
            }
            catch (BadFrameException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        }

        Assert.True(taken > 1000 && refused > 1000, $"{taken} taken, {refused} refused");
    }
}

using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Larkspur.Bench.Load;

/// <summary>One kept-alive HTTP/1.1 connection that sends ready-made bytes and reads of the answer only what it must: status and length.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SocketAsyncEventArgs _receive = new(true);
    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly Schedule _schedule;
    private int _filled;
    private int _request;
    private long _sentAt;

    public LoadConnection(int port, Schedule schedule)
    {
        _schedule = schedule;
        _socket.Connect(IPAddress.Loopback, port);
        _receive.Completed += (_, _) => Run(received: true);
    }

    /// <summary>Sends a request, and then whatever the schedule hands out, until it rests. -1: nothing.</summary>
    public void Pump(int request)
    {
        if (request < 0) return;
        if (Send(request)) Run(received: false);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _receive.Dispose();
    }

    /// <summary>A loop and not a recursion: an answer may be there at once, many times in a row.</summary>
    private void Run(bool received)
    {
        try
        {
            while (true)
            {
                if (!received)
                {
                    _receive.SetBuffer(_buffer, _filled, _buffer.Length - _filled);
                    if (_socket.ReceiveAsync(_receive)) return;
                }

                received = false;
                if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
                {
                    _schedule.Fail($"a connection broke: {_receive.SocketError}");
                    return;
                }

                _filled += _receive.BytesTransferred;
                if (!TryTakeAnswer(out var status)) continue;
                var next = _schedule.Answered(this, _request, _sentAt, status);
                if (next < 0 || !Send(next)) return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or LoadException)
        {
            _schedule.Fail(e.Message);
        }
    }

    private bool Send(int request)
    {
        _request = request;
        _sentAt = Stopwatch.GetTimestamp();
        try
        {
            _socket.Send(_schedule.Bytes(request));
            return true;
        }
        catch (SocketException e)
        {
            _schedule.Fail($"a connection broke while sending: {e.SocketErrorCode}");
            return false;
        }
    }

    private bool TryTakeAnswer(out int status)
    {
        status = 0;
        var bytes = _buffer.AsSpan(0, _filled);
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return _filled < _buffer.Length ? false : throw new LoadException("an answer had no end of its headers within 16 KiB");
        var head = bytes[..(end + 2)];
        var mark = head.IndexOf("\r\nContent-Length: "u8);
        if (mark < 0 || !Utf8Parser.TryParse(head[(mark + 18)..], out int length, out _)) throw new LoadException("an answer had no Content-Length");
        if (!Utf8Parser.TryParse(head[9..], out status, out _)) throw new LoadException("an answer had no status");
        var total = end + 4 + length;
        if (_filled < total) return total <= _buffer.Length ? false : throw new LoadException("an answer was larger than 16 KiB");
        if (_filled > total) throw new LoadException("an answer had bytes behind its end");
        _filled = 0;
        return true;
    }
}

using System.Buffers;

namespace Larkspur.Gateway.Ingress;

/// <summary>A request body in a pooled buffer. It grows with what was received, never with what was announced.</summary>
internal struct RequestBody : IDisposable
{
    private const int FirstBytes = 4 << 10;

    private byte[]? _buffer;
    private BodyBudget _budget;
    private int _length;
    private int _taken;

    public readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Takes a body that has arrived whole, as nearly all have when their request is looked at: without a wait there is nothing to time.</summary>
    /// <returns>False when there is more to come; what has come stays for <see cref="ReadAsync"/>.</returns>
    public static bool TryRead(HttpRequest request, BodyBudget budget, out RequestBody body)
    {
        body = default;
        if (request.ContentLength is not (> 0 and <= BodyBudget.FreeBytes) || !request.BodyReader.TryRead(out var read)) return false;
        if (!read.IsCompleted && read.Buffer.Length < request.ContentLength)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return false;
        }

        body = new RequestBody { _budget = budget, _buffer = ArrayPool<byte>.Shared.Rent((int)read.Buffer.Length) };
        body.Append(read.Buffer);
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return true;
    }

    /// <summary>Reads up to <paramref name="limit"/> bytes.</summary>
    /// <exception cref="BodyBudgetException">Others hold the memory.</exception>
    /// <returns>The body, or null when it is larger.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(HttpRequest request, int limit, BodyBudget budget, CancellationToken cancellation)
    {
        if (request.ContentLength > limit) return null;
        var body = new RequestBody { _budget = budget, _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes) };
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadAsync(cancellation);
                var fits = read.Buffer.Length <= limit - body._length;
                try
                {
                    if (fits) body.Append(read.Buffer);
                }
                finally
                {
                    // Also when there is no room: the rest can only be read away by a reader that has moved on.
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                }

                if (fits && !read.IsCompleted) continue;
                if (fits) return body;
                body.Dispose();
                return null;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads and forgets the rest of an oversized body, within bounds: closing at once would reset the connection under a sender that
    /// still writes, and it would never see the answer.
    /// </summary>
    public static async Task DrainAsync(HttpRequest request, long atMost, CancellationToken cancellation)
    {
        for (long drained = 0; drained < atMost;)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            drained += read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    public void Dispose()
    {
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _budget.Return(_taken);
    }

    private void Append(in ReadOnlySequence<byte> bytes)
    {
        var needed = _length + (int)bytes.Length;
        if (needed > _buffer!.Length)
        {
            var size = Math.Max(needed, _buffer.Length * 2);
            if (size > BodyBudget.FreeBytes)
            {
                _budget.Take(size - _taken);
                _taken = size;
            }

            var larger = ArrayPool<byte>.Shared.Rent(size);
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Larkspur;

/// <summary>Reads a stream of UTF-8 lines that may pause, but neither be silent for too long nor have a line without end.</summary>
/// <remarks>A line ends with LF or CR LF. What stands after the last one counts as a line of its own. A character that is cut between two reads is whole in its line.</remarks>
/// <param name="stream">Disposed of by its owner.</param>
/// <param name="silence">Longest time without a byte.</param>
/// <param name="longest">Longest line in bytes.</param>
/// <param name="clock">Source of time.</param>
public sealed class LineReader(Stream stream, TimeSpan silence, int longest, TimeProvider clock)
{
    private const int ReadSize = 16 * 1024;

    /// <summary>The lines, without their ends.</summary>
    /// <exception cref="TimeoutException">Nothing came for <c>silence</c>.</exception>
    /// <exception cref="InvalidDataException">A line is longer than allowed.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        var line = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                int count = await ReadOnceAsync(buffer, cancellationToken);
                if (count == 0) break;
                int start = 0;
                while (buffer.AsSpan(start, count - start).IndexOf((byte)'\n') is >= 0 and var end)
                {
                    Append(buffer.AsSpan(start, end));
                    start += end + 1;
                    yield return Take();
                }

                Append(buffer.AsSpan(start, count - start));
            }

            if (line.WrittenCount > 0) yield return Take();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        void Append(ReadOnlySpan<byte> bytes)
        {
            if (line.WrittenCount + bytes.Length > longest) throw new InvalidDataException($"A line is longer than {longest} bytes.");
            line.Write(bytes);
        }

        string Take()
        {
            ReadOnlySpan<byte> bytes = line.WrittenSpan;
            if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
            string text = Encoding.UTF8.GetString(bytes);
            line.ResetWrittenCount();
            return text;
        }
    }

    private async Task<int> ReadOnceAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await stream.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested && time.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {silence}.", exception);
        }
    }
}

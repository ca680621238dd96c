namespace Larkspur.Feishu.Messaging;

/// <summary>How far an upload is. A repeated try begins again at 0.</summary>
/// <param name="Sent">Bytes handed to the network.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct UploadProgress(long Sent, long Total);

/// <summary>A stream that tells how far it was read. It leaves the stream inside open.</summary>
internal sealed class ProgressStream(Stream inner, long start, long total, IProgress<UploadProgress> progress) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override int Read(Span<byte> buffer) => Told(inner.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Told(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Told(int read)
    {
        if (read > 0) progress.Report(new(inner.Position - start, total));
        return read;
    }
}

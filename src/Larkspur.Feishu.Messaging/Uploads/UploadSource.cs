namespace Larkspur.Feishu.Messaging;

/// <summary>What is uploaded: a stream that can be read again, its length, and its first bytes.</summary>
internal sealed class UploadSource
{
    /// <summary>Enough for every signature, for the sizes of most images, and for an mp4's or Ogg's first box or page.</summary>
    private const int HeadLength = 64 << 10;

    private const int Chunk = 64 << 10;

    private UploadSource(Stream stream, long start, long length, ReadOnlyMemory<byte> head) => (Stream, Start, Length, Head) = (stream, start, length, head);

    public Stream Stream { get; }

    public long Start { get; }

    public long Length { get; }

    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Looks at a stream from where it stands. One that cannot seek is read into memory, at most to the limit: only so can it be judged before it is sent.</summary>
    /// <exception cref="UploadRefusedException">Empty, or longer than the limit.</exception>
    public static async Task<UploadSource> OpenAsync(Stream content, long most, string what, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.CanRead) throw new ArgumentException("The stream cannot be read.", nameof(content));
        Stream stream = content.CanSeek ? content : await CopyAsync(content, most, what, cancellationToken);
        long start = stream.Position, length = stream.Length - start;
        if (length <= 0) throw new UploadRefusedException(UploadProblem.Empty, $"The {what} is empty.");
        if (length > most) throw TooLarge(what, $"{length:N0} bytes", most);
        byte[] head = new byte[(int)Math.Min(length, HeadLength)];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = start;
        return new(stream, start, length, head.AsMemory(0, read));
    }

    public FeishuFile ToFile(string name, string? contentType, IProgress<UploadProgress>? progress)
        => new(progress is null ? Stream : new ProgressStream(Stream, Start, Length, progress), name, contentType);

    private static async Task<MemoryStream> CopyAsync(Stream content, long most, string what, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        byte[] chunk = new byte[Chunk];
        for (int read; (read = await content.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (copy.Length + read > most) throw TooLarge(what, $"more than {most:N0} bytes", most);
            copy.Write(chunk, 0, read);
        }

        copy.Position = 0;
        return copy;
    }

    private static UploadRefusedException TooLarge(string what, string has, long most)
        => new(UploadProblem.TooLarge, $"The {what} has {has}; the platform takes {most:N0} ({most >> 20} MB).");
}

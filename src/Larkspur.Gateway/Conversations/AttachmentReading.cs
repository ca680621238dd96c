namespace Larkspur.Gateway.Conversations;

/// <summary>What is learned of a file by reading it.</summary>
/// <param name="Name">As the platform calls it; null: it does not. From outside: never a path.</param>
/// <param name="ContentType">As the platform calls it; null: it does not.</param>
internal sealed record AttachmentFacts(string? Name, string? ContentType);

/// <summary>A file of a message cannot be read. The text is for logs; it holds no address and no key.</summary>
internal sealed class AttachmentException(AttachmentTrouble trouble, string message, Exception? inner = null) : Exception(message, inner)
{
    public AttachmentTrouble Trouble { get; } = trouble;
}

/// <summary>Why a file cannot be read.</summary>
internal enum AttachmentTrouble
{
    /// <summary>The platform does not answer, or fails; later it may work.</summary>
    Unavailable,

    /// <summary>It was there for a while only.</summary>
    Expired,

    /// <summary>It is not there: recalled, or forgotten.</summary>
    Gone,

    /// <summary>It has more bytes than are taken.</summary>
    TooLarge,

    /// <summary>The app may not read it.</summary>
    NotAllowed,
}

/// <summary>Copies what is read, and no more of it than may be.</summary>
internal static class AttachmentCopy
{
    private const int Piece = 64 << 10;

    /// <exception cref="AttachmentException">There is more, or the connection broke.</exception>
    public static async Task CopyAsync(Stream from, Stream into, long maxBytes, CancellationToken cancellation)
    {
        var buffer = new byte[Piece];
        long total = 0;
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                total += read;
                if (total > maxBytes) throw TooLarge(maxBytes);
                await into.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException)
        {
            throw new AttachmentException(AttachmentTrouble.Unavailable, "The download broke off.", e);
        }
    }

    public static AttachmentException TooLarge(long maxBytes) => new(AttachmentTrouble.TooLarge, $"The file has more than {maxBytes} bytes.");
}

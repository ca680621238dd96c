using System.Buffers;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Common.Files;

/// <summary>A file on its way through: small ones in memory, large ones in a temporary file without a name, which is gone with it and with the process, however that ends.</summary>
/// <remarks>An upload is read to its end before the platform is called: its size is known then, and a call that failed can be repeated.</remarks>
internal sealed class SpooledFile : IAsyncDisposable
{
    /// <summary>Bytes of a small one.</summary>
    public const int MostInMemory = 256 << 10;

    private const int Piece = 64 << 10;

    private SpooledFile(Stream content, string? name) => (Content, Name) = (content, name);

    /// <summary>The bytes, from the first on.</summary>
    public Stream Content { get; }

    /// <summary>As the sender calls it; null: it does not.</summary>
    public string? Name { get; }

    /// <exception cref="RequestRefusedException">It is empty, or larger than <paramref name="limit"/>.</exception>
    public static async Task<SpooledFile> ReadAsync(Stream body, string? name, long limit, CancellationToken cancellation)
    {
        Stream content = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                if (content.Length + read > limit) throw TooLarge(limit);
                if (content is MemoryStream small && small.Length + read > MostInMemory)
                {
                    content = NamelessFile.Create();
                    small.WriteTo(content);
                }

                await content.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            if (content.Length == 0) throw RequestRefusedException.Impossible("empty_file", null, "The file is empty.");
            content.Position = 0;
            return new SpooledFile(content, name);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static RequestRefusedException TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "file_too_large", null, $"The file may have {limit >> 20} MB.");

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

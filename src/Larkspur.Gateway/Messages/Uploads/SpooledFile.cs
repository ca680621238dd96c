using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Gateway.Messages;

/// <summary>An uploaded file on its way to the platform: small ones in memory, large ones in a temporary file that goes with it.</summary>
/// <remarks>It is read to its end before the platform is called: its size is known then, and a call that failed can be repeated.</remarks>
internal sealed class SpooledFile : IAsyncDisposable
{
    private const int MostInMemory = 256 << 10;

    private SpooledFile(FileBufferingReadStream content, string? name) => (Content, Name) = (content, name);

    /// <summary>The bytes, from the first on.</summary>
    public Stream Content { get; }

    /// <summary>As the sender calls it; null: it does not.</summary>
    public string? Name { get; }

    /// <exception cref="RequestRefusedException">It is empty, or larger than <paramref name="limit"/>.</exception>
    public static async Task<SpooledFile> ReadAsync(Stream body, string? name, long limit, CancellationToken cancellation)
    {
        // One byte more than is taken shows that there is too much.
        var content = new FileBufferingReadStream(body, MostInMemory, limit + 1, Path.GetTempPath());
        try
        {
            await content.DrainAsync(cancellation);
            if (content.Length > limit) throw TooLarge(limit);
            if (content.Length == 0) throw RequestRefusedException.Impossible("empty_file", null, "The file is empty.");
            content.Position = 0;
            return new SpooledFile(content, name);
        }
        catch (IOException) when (content.Length >= limit)
        {
            await content.DisposeAsync();
            throw TooLarge(limit);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public static RequestRefusedException TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "file_too_large", null, $"The file may have {limit >> 20} MB.");

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

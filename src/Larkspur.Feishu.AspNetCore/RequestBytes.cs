using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.AspNetCore;

/// <summary>Reads a request's body as it was sent, up to a bound.</summary>
internal static class RequestBytes
{
    /// <returns>The bytes; null: there are more than <paramref name="most"/>.</returns>
    /// <exception cref="IOException">The sender broke off.</exception>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        // Said honestly it saves reading; it is not trusted, so what comes is counted all the same.
        if (request.ContentLength > most) return null;
        PipeReader body = request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > most)
            {
                body.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                byte[] bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

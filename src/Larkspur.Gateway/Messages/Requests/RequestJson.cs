using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Larkspur.Gateway.Messages;

/// <summary>Reads a request's body as JSON within bounds, and says what is wrong with it.</summary>
internal static class RequestJson
{
    /// <summary>A card nests by some twenty levels at most; each costs two or three.</summary>
    private const int DeepestJson = 100;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DeepestJson, AllowDuplicateProperties = false };

    /// <summary>Reads up to <paramref name="limit"/> bytes, which must be one JSON object.</summary>
    /// <exception cref="RequestRefusedException">They are not.</exception>
    public static async Task<JsonFields> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation) => JsonFields.Of(await ReadElementAsync(request, limit, cancellation), "");

    /// <summary>Reads up to <paramref name="limit"/> bytes, which must be one JSON value.</summary>
    /// <exception cref="RequestRefusedException">They are not.</exception>
    public static async Task<JsonElement> ReadElementAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType()) throw new RequestRefusedException(StatusCodes.Status415UnsupportedMediaType, "not_json", null, "The body is JSON: send Content-Type: application/json.");
        var bytes = await BytesAsync(request, limit, cancellation);
        if (!Utf8.IsValid(bytes.Span)) throw RequestRefusedException.Malformed("bad_json", null, "The body is not UTF-8.");
        try
        {
            // Not disposed: its elements live as long as the request, and the memory is its own.
            var root = JsonDocument.Parse(bytes, Options).RootElement;
            Readable(root);
            return root;
        }
        catch (InvalidOperationException)
        {
            throw RequestRefusedException.Malformed("bad_text", null, "A text or a field's name holds half a character (an unpaired surrogate).");
        }
        catch (JsonException e)
        {
            throw RequestRefusedException.Malformed("bad_json", null, $"The body is not JSON, or is nested too deeply or has a member twice (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).");
        }
    }

    /// <summary>Reads every name: one with half a character can be read by nobody, and is found by whoever looks for another.</summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    private static void Readable(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Readable(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                _ = member.Name;
                Readable(member.Value);
            }
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit) throw TooLarge(limit);
        var bytes = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (bytes.WrittenCount + read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw TooLarge(limit);
            }

            foreach (var piece in read.Buffer) bytes.Write(piece.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return bytes.WrittenMemory;
        }
    }

    private static RequestRefusedException TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, "body_too_large", null, $"The body may have {limit >> 10} KB.");
}

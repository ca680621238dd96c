using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>Reads a request's body as JSON within bounds, and says what is wrong with it.</summary>
internal static class RequestJson
{
    /// <summary>A card nests by some twenty levels at most; each costs two or three.</summary>
    private const int DeepestJson = 100;

    /// <summary>Levels for contracts of bodies: the free parts of a body are as deep as it may be.</summary>
    public const int Deepest = DeepestJson + 8;

    /// <summary>Writes again what was read here, however deep it is.</summary>
    public static JsonSerializerOptions AsDeep { get; } = new() { MaxDepth = Deepest };

    /// <summary>Reads again what was read here and stored, with what was put around it.</summary>
    public static JsonDocumentOptions Stored { get; } = new() { MaxDepth = DeepestJson + 28 };

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
            var root = Parse(bytes);
            DemandReadable(root, "");
            return root;
        }
        catch (JsonException e)
        {
            throw BrokenJson.Of(bytes, DeepestJson, e);
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, Options).RootElement;
        }
        catch (InvalidOperationException)
        {
            // A name that cannot be read cannot be compared with the others. Where it stands is said by whoever reads all of them.
            DemandReadable(JsonDocument.Parse(bytes, Options with { AllowDuplicateProperties = true }).RootElement, "");
            throw RequestRefusedException.Malformed("bad_text", null, "A field's name holds half a character (an unpaired surrogate).");
        }
    }

    /// <summary>
    /// Reads every text and every name. One with half a character can be written by no encoding: whoever came upon it later would fail, and
    /// a name with one is found by whoever looks for another.
    /// </summary>
    /// <param name="json">What was sent.</param>
    /// <param name="pointer">Where it stands in the body.</param>
    /// <exception cref="RequestRefusedException">There is one.</exception>
    public static void DemandReadable(JsonElement json, string pointer)
    {
        // Half characters pass the check of UTF-8 in escapes alone, and few bodies have such escapes.
        if (JsonMarshal.GetRawUtf8Value(json).IndexOf("\\u"u8) < 0) return;
        Look(json, new JsonPath(null, pointer, 0));
    }

    private static void Look(JsonElement json, JsonPath path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                if (!IsReadable(json)) JsonFields.TextOf(json, path.Pointer);
                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in json.EnumerateArray()) Look(item, new JsonPath(path, null, i++));
                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                    Look(member.Value, new JsonPath(path, IsReadable(member) ? member.Name : JsonFields.NameOf(member, path.Pointer), 0));
                break;
        }
    }

    private static bool IsReadable(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsReadable(JsonProperty member)
    {
        try
        {
            return member.Name is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
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

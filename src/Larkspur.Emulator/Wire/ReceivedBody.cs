using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.Wire;

/// <summary>The bytes of a call, read within bounds, and what they say: JSON, a form, or parts with files.</summary>
/// <remarks>How a platform refuses what cannot be read is its own: it catches <see cref="BadBodyException"/>.</remarks>
internal sealed class ReceivedBody
{
    private const int MostParts = 1_000;
    private const int MostShown = 64 * 1024;

    private byte[] _bytes = [];
    private string _contentType = "";

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public bool IsParts => _contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    public bool IsForm => _contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <summary>For the inspector: the beginning as text.</summary>
    public string Shown => IsParts ? $"<{_bytes.Length} bytes>" : Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Min(_bytes.Length, MostShown)));

    /// <param name="most">Bytes.</param>
    /// <param name="mostOfParts">Bytes, when the body has parts.</param>
    /// <exception cref="BadBodyException">Too large.</exception>
    public async Task ReadAsync(HttpRequest request, int most, int mostOfParts)
    {
        _contentType = request.ContentType ?? "";
        if (IsParts) most = mostOfParts;
        if (request.ContentLength > most) throw new BadBodyException(BadBody.TooLarge);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > most) throw new BadBodyException(BadBody.TooLarge);
            buffer.Write(chunk, 0, read);
        }

        _bytes = buffer.ToArray();
    }

    /// <exception cref="BadBodyException">It is not JSON, or no object.</exception>
    public JsonObject Json()
    {
        try
        {
            return StrictJson.Parse(_bytes) as JsonObject ?? throw new BadBodyException(BadBody.NoObject);
        }
        catch (JsonException)
        {
            throw new BadBodyException(BadBody.NotJson);
        }
    }

    /// <summary>The fields of a form; of equal names the values joined by commas.</summary>
    public JsonObject Form()
    {
        var fields = new JsonObject();
        foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(_bytes))) fields[name] = value.ToString();
        return fields;
    }

    /// <exception cref="BadBodyException">No boundary, broken, or too many parts.</exception>
    public async Task<IReadOnlyList<BodyPart>> PartsAsync()
    {
        var parts = new List<BodyPart>();
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(_contentType).Boundary).Value;
            if (string.IsNullOrEmpty(boundary)) throw new BadBodyException(BadBody.NoBoundary);
            var reader = new MultipartReader(boundary, new MemoryStream(_bytes));
            while (await reader.ReadNextSectionAsync() is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                if (parts.Count == MostParts) throw new BadBodyException(BadBody.BrokenParts);
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                parts.Add(new BodyPart(
                    HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), fileName.HasValue ? fileName.ToString() : null,
                    section.ContentType ?? "application/octet-stream", content.ToArray()));
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or FormatException)
        {
            throw new BadBodyException(BadBody.BrokenParts);
        }

        return parts;
    }
}

/// <summary>One part of a multipart body.</summary>
/// <param name="FileName"><see langword="null"/>: it names none.</param>
internal sealed record BodyPart(string Name, string? FileName, string ContentType, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}

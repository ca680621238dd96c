using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Emulator.Wire;

/// <summary>The bytes of a call, read within bounds, and what they say: JSON, a form, or parts with files.</summary>
/// <remarks>How a platform refuses what cannot be read is its own: its pipeline hears of it as <see cref="BadBodyException"/>.</remarks>
internal sealed class ReceivedBody
{
    private const int MostParts = 1_000;
    private const int MostShown = 64 * 1024;

    private readonly Dictionary<string, UploadedFile> _files = new(StringComparer.Ordinal);
    private byte[] _bytes = [];
    private string _contentType = "";

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The members of the JSON, or the fields of the form or of the parts that are no files; empty until it is parsed.</summary>
    public JsonObject Json { get; private set; } = [];

    public IReadOnlyDictionary<string, UploadedFile> Files => _files;

    private bool IsParts => _contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    private bool IsForm => _contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <param name="most">Bytes.</param>
    /// <param name="mostOfParts">Bytes, when the body has parts.</param>
    /// <exception cref="BadBodyException">Too large, or cut off.</exception>
    public async Task ReadAsync(HttpRequest request, int most, int mostOfParts)
    {
        _contentType = request.ContentType ?? "";
        if (IsParts) most = mostOfParts;
        if (request.ContentLength > most) throw new BadBodyException(BadBody.TooLarge);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        try
        {
            while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
            {
                if (buffer.Length + read > most) throw new BadBodyException(BadBody.TooLarge);
                buffer.Write(chunk, 0, read);
            }
        }
        catch (BadHttpRequestException broken)
        {
            throw new BadBodyException(broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? BadBody.TooLarge : BadBody.CutOff);
        }

        _bytes = buffer.ToArray();
    }

    /// <summary>Understands the bytes; an empty body says nothing.</summary>
    /// <param name="isFile">Which parts are files, by their names: clients that upload a buffer send no <c>filename</c>.</param>
    /// <param name="takesForms"><see langword="false"/>: what is called a form must be JSON all the same.</param>
    /// <exception cref="BadBodyException">It is not what it should be.</exception>
    public async Task ParseAsync(Func<string, bool> isFile, bool takesForms = true)
    {
        if (_bytes.Length == 0) return;
        if (IsParts) await ReadPartsAsync(isFile);
        else Json = takesForms && IsForm ? Form() : ReadJson();
    }

    /// <summary>For the inspector: files by their sizes, the beginning of anything else.</summary>
    public string Describe() =>
        _files.Count > 0 ? string.Join('\n', [.. Json.Select(p => $"{p.Key} = {p.Value}"), .. _files.Select(f => $"{f.Key} = <{f.Value.Describe()}>")])
        : IsParts ? $"<{_bytes.Length} bytes>"
        : Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Min(_bytes.Length, MostShown)));

    private JsonObject ReadJson()
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

    /// <summary>Of equal names the values joined by commas.</summary>
    private JsonObject Form()
    {
        var fields = new JsonObject();
        foreach (var (name, value) in QueryHelpers.ParseQuery(Encoding.UTF8.GetString(_bytes))) fields[name] = value.ToString();
        return fields;
    }

    private async Task ReadPartsAsync(Func<string, bool> isFile)
    {
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(_contentType).Boundary).Value;
            if (string.IsNullOrEmpty(boundary)) throw new BadBodyException(BadBody.NoBoundary);
            var reader = new MultipartReader(boundary, new MemoryStream(_bytes));
            for (var count = 0; await reader.ReadNextSectionAsync() is { } section;)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
                if (count++ == MostParts) throw new BadBodyException(BadBody.BrokenParts);
                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content);
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                if (!isFile(name))
                {
                    Json[name] = Encoding.UTF8.GetString(content.ToArray());
                    continue;
                }

                var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName);
                var fileName = given.HasValue ? given.ToString() : null;
                _files[name] = new UploadedFile(fileName, section.ContentType ?? "application/octet-stream", content.ToArray());
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or FormatException)
        {
            throw new BadBodyException(BadBody.BrokenParts);
        }
    }
}

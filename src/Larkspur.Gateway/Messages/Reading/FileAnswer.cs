using System.Buffers;
using Larkspur.Feishu;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>Passes a file of the platform's on, as an attachment that no browser shows as a page.</summary>
internal static class FileAnswer
{
    /// <summary>What the platform gives at most.</summary>
    private const long LargestFile = 100L << 20;
    private const int BufferBytes = 64 << 10;
    private const int LongestName = 200;

    private static readonly HashSet<string> HarmlessTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "audio/ogg", "audio/opus", "video/mp4", "application/pdf",
    };

    public static async Task WriteAsync(HttpContext http, FeishuDownload file, string key, CancellationToken cancellation)
    {
        if (file.Length > LargestFile) throw TooLarge();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            // Before the first byte goes out nothing is promised: an answer that fails at once is still answered with its reason.
            var read = await file.Content.ReadAsync(buffer, cancellation);
            var answer = http.Response;
            answer.ContentType = TypeOf(file.ContentType);
            answer.ContentLength = file.Length;
            answer.Headers.ContentDisposition = $"attachment; filename=\"{Ascii(NameOf(file.FileName ?? key))}\"; filename*=UTF-8''{Uri.EscapeDataString(NameOf(file.FileName ?? key))}";
            for (long passed = 0; read > 0; read = await file.Content.ReadAsync(buffer, cancellation))
            {
                passed += read;
                if (passed > LargestFile)
                {
                    // Too late for an answer: a connection that breaks tells the receiver that the file is not whole.
                    http.Abort();
                    return;
                }

                await answer.Body.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static RequestRefusedException TooLarge() => RequestRefusedException.Impossible("resource_too_large", null, "The file is larger than 100 MB.");

    /// <summary>What a browser might run (HTML, SVG, XML) is bytes and nothing else.</summary>
    private static string TypeOf(string? type) => type?.Split(';')[0].Trim() is { } media && HarmlessTypes.Contains(media) ? media : "application/octet-stream";

    /// <summary>As it may be called in a header, and on any disk.</summary>
    internal static string NameOf(string name) => FileNames.Shown(name, LongestName) is { Length: > 0 } shown ? shown : "file";

    private static string Ascii(string name) => string.Concat(name.Select(c => c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '_'));
}

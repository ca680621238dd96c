using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Output;

/// <summary>Small text files that the command line names; <c>-</c> is the input.</summary>
internal static class InputFile
{
    /// <summary>Larger than anything that the gateway takes.</summary>
    private const int Most = 1 << 20;

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 100, AllowDuplicateProperties = false };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CallFailure">It cannot be read, is far too large or is not UTF-8.</exception>
    public static async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        var name = NameOf(path);
        try
        {
            await using var stream = path == "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[Most + 1];
            // A terminal's input does not end with a token: Ctrl+C must not wait for it.
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).AsTask().WaitAsync(cancellation);
            if (length > Most) throw new CallFailure(ExitCodes.Usage, $"{name} has more than 1 MB: it is none of what goes here.");
            var text = Strict.GetString(bytes, 0, length);
            return text.StartsWith('\ufeff') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new CallFailure(ExitCodes.Usage, $"{name} is not UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <exception cref="CallFailure">As of <see cref="TextAsync"/>, or it is not JSON.</exception>
    public static async Task<JsonNode> JsonAsync(string path, CancellationToken cancellation) =>
        JsonNode.Parse(await JsonTextAsync(path, cancellation), null, Depth) ?? throw new CallFailure(ExitCodes.Usage, $"{NameOf(path)} says null.");

    /// <summary>As it is written; it was only looked at whether it is JSON.</summary>
    /// <exception cref="CallFailure">As of <see cref="TextAsync"/>, or it is not JSON.</exception>
    public static async Task<string> JsonTextAsync(string path, CancellationToken cancellation)
    {
        var text = await TextAsync(path, cancellation);
        try
        {
            using var parsed = JsonDocument.Parse(text, Depth);
            return text;
        }
        catch (JsonException e)
        {
            throw new CallFailure(ExitCodes.Usage, e.LineNumber is { } line ? $"{NameOf(path)} is not JSON (line {line + 1}, byte {e.BytePositionInLine + 1})." : $"{NameOf(path)} names a member twice in one object.");
        }
    }

    /// <summary>As in sentences.</summary>
    public static string NameOf(string path) => path == "-" ? "the input" : path;

    public static CallFailure Unreadable(string path, Exception e) => new(ExitCodes.Usage, e switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"there is no file {path}",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a folder.",
        UnauthorizedAccessException => $"{path} may not be read.",
        _ => $"{path} cannot be read: {e.Message}",
    });
}

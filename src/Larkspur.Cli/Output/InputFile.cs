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

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CallFailure">It cannot be read, is far too large or is not UTF-8.</exception>
    public static async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        var name = path == "-" ? "the input" : path;
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
    public static async Task<JsonNode> JsonAsync(string path, CancellationToken cancellation)
    {
        var text = await TextAsync(path, cancellation);
        try
        {
            return JsonNode.Parse(text, null, new JsonDocumentOptions { MaxDepth = 100 }) ?? throw new CallFailure(ExitCodes.Usage, $"{path} says null.");
        }
        catch (JsonException e)
        {
            throw new CallFailure(ExitCodes.Usage, $"{path} is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
    }

    public static CallFailure Unreadable(string path, Exception e) => new(ExitCodes.Usage, e switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"there is no file {path}",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path} is a folder.",
        UnauthorizedAccessException => $"{path} may not be read.",
        _ => $"{path} cannot be read: {e.Message}",
    });
}

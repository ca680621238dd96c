using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Messaging;

/// <summary>What can be known to be wrong without asking the platform.</summary>
internal static class ContentChecks
{
    /// <summary>Limit of text messages, bytes of UTF-8. The platform speaks of the whole request; what is below this may still be refused there (230025).</summary>
    public const int TextBytes = 150 << 10;

    /// <summary>Limit of post and interactive messages, bytes of UTF-8.</summary>
    public const int CardBytes = 30 << 10;

    /// <summary>Far beyond what the small contents (keys, ids) need.</summary>
    private const int OtherBytes = 30 << 10;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Parses an object; names the place of the first error.</summary>
    public static JsonDocument ParseObject(string json, string what)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (JsonException exception)
        {
            throw new MessageContentException(
                MessageContentProblem.NotJson, $"{what} is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        string kind = document.RootElement.ValueKind.ToString().ToLowerInvariant();
        document.Dispose();
        throw new MessageContentException(MessageContentProblem.NotJson, $"{what} must be a JSON object, not {kind}.");
    }

    public static void Size(string msgType, string json)
    {
        int most = msgType switch { "text" => TextBytes, "post" or "interactive" => CardBytes, _ => OtherBytes };
        int bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > most)
        {
            throw new MessageContentException(
                MessageContentProblem.TooLarge, $"The content of this {msgType} message has {bytes:N0} bytes; the platform takes {most:N0} ({most >> 10} KB).");
        }
    }

    /// <summary>Keys and ids: not empty, no blanks, nothing that could leave its quotes.</summary>
    public static string Key(string? value, string name)
    {
        if (string.IsNullOrEmpty(value)) throw new MessageContentException(MessageContentProblem.Empty, $"{name} is empty.");
        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or '@' or '+' or '='))
                throw new MessageContentException(MessageContentProblem.WrongValue, $"{name} \"{value.Truncate(80)}\" has a character that ids and keys do not have.");
        }

        return value;
    }

    public static string Prefixed(string? value, string prefix, string name)
        => Key(value, name).StartsWith(prefix, StringComparison.Ordinal)
            ? value!
            : throw new MessageContentException(MessageContentProblem.WrongValue, $"{name} \"{value!.Truncate(80)}\" must begin with {prefix}.");

    public static string Link(string? address)
        => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" or "mailto" or "lark" or "feishu"
            ? address!
            : throw new MessageContentException(MessageContentProblem.WrongValue, $"\"{(address ?? "").Truncate(80)}\" is not a link: http, https, mailto and lark addresses are.");
}

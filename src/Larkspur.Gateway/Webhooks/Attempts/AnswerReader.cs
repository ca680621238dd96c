using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Webhooks.Attempts;

/// <summary>Reads the beginning of what a receiver answered. Whatever goes wrong with it says nothing of the delivery: the status has
/// come before.</summary>
internal sealed class AnswerReader(SecretRegistry secrets, TimeProvider clock)
{
    /// <summary>Characters that are kept.</summary>
    public const int MostCharacters = 1024;

    /// <summary>More than is kept: a secret that is only half in it would not be known for what it is.</summary>
    private const int MostBytes = 8 << 10;

    private const int LongestMediaType = 100;

    /// <summary>The next message of the lane waits so long for a slow body, and no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads within the attempt's deadline.</summary>
    /// <param name="response">Its headers have come.</param>
    /// <param name="url">Where it was sent: its path may be a secret, which error pages like to repeat.</param>
    /// <param name="signature">As it was sent: a receiver that echoes it does not make it known.</param>
    /// <param name="cancellation">Ends with the attempt.</param>
    public async ValueTask<WebhookAnswer> ReadAsync(HttpResponseMessage response, Uri url, string signature, CancellationToken cancellation)
    {
        var headers = response.Content.Headers;
        var type = headers.ContentType is { } given ? Plain(secrets.Hide(given.ToString()), LongestMediaType) : null;
        var answer = new WebhookAnswer((int)response.StatusCode, type);
        if (headers.ContentLength == 0 || headers.ContentEncoding.Count > 0 || !IsText(headers.ContentType)) return answer;
        var bytes = await BytesAsync(response.Content, cancellation);
        var text = EncodingOf(headers.ContentType).GetString(bytes.Span).Replace(signature, SecretRegistry.Hidden,
            StringComparison.Ordinal);
        foreach (var part in SecretsOf(url)) text = text.Replace(part, SecretRegistry.Hidden, StringComparison.Ordinal);
        return answer with { Text = Plain(secrets.Hide(text), MostCharacters) is { Length: > 0 } plain ? plain : null };
    }

    /// <summary>Path and query and their long parts, also as JSON and HTML write them; the longest first.</summary>
    private static IEnumerable<string> SecretsOf(Uri url) =>
        ConfiguredSecrets.OfAddress(url).Append(url.PathAndQuery).Append(url.AbsolutePath)
        .Where(part => part.Length > 1).SelectMany(part => (string[])[part, part.Replace("/", "\\/", StringComparison.Ordinal),
            WebUtility.HtmlEncode(part)])
        .Distinct(StringComparer.Ordinal).OrderByDescending(part => part.Length);

    private async ValueTask<ReadOnlyMemory<byte>> BytesAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[MostBytes];
        var read = 0;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await using var body = await content.ReadAsStreamAsync(both.Token);
            while (read < buffer.Length && await body.ReadAsync(buffer.AsMemory(read), both.Token) is > 0 and var more) read += more;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // What came until then is worth showing.
            return buffer.AsMemory(0, read);
        }

        return buffer.AsMemory(0, read);
    }

    private static bool IsText(MediaTypeHeaderValue? type) => type?.MediaType?.ToLowerInvariant() is null
        or "application/json" or "application/xml" or "application/x-www-form-urlencoded" or "application/javascript"
        || type.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    private static Encoding EncodingOf(MediaTypeHeaderValue? type) =>
        type?.CharSet?.Trim('"').ToLowerInvariant() is "iso-8859-1" or "latin1" ? Encoding.Latin1 : Encoding.UTF8;

    /// <summary>Without what moves a cursor, turns the direction of writing, or cannot be stored.</summary>
    private static string Plain(string text, int most)
    {
        var plain = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not ('\n' or '\t')
                && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format) continue;
            if (plain.Length + rune.Utf16SequenceLength > most) break;
            plain.Append(rune);
        }

        return plain.ToString();
    }
}

using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>The caller's own name for a message: a repeat under the same one is the same message. Two API keys with one name for two messages do not meet.</summary>
internal static class IdempotencyKey
{
    /// <summary>Characters that one has.</summary>
    public const int Longest = 200;

    /// <summary>The header <c>Idempotency-Key</c> or the body's <c>key</c>, as it is kept for this caller; without one, a key that never repeats.</summary>
    public static string Read(HttpRequest request, string? inBody)
    {
        var inHeader = request.Headers["Idempotency-Key"] switch
        {
            [] => null,
            [{ Length: > 0 } one] => one,
            _ => throw RequestRefusedException.Malformed("bad_key", null, "Idempotency-Key is given once, and is not empty."),
        };
        if (inHeader is not null && inBody is not null && inHeader != inBody)
            throw RequestRefusedException.Malformed("two_keys", "/key", "The header Idempotency-Key and the field \"key\" differ.");
        var key = inHeader ?? inBody ?? Guid.NewGuid().ToString("N");
        if (key.Length > Longest || string.IsNullOrWhiteSpace(key) || key.Any(char.IsControl))
            throw RequestRefusedException.Malformed("bad_key", inBody is null ? null
                : "/key", "A key has up to 200 characters and no control characters.");
        return Owned(request.HttpContext, key);
    }

    /// <summary>The key as it is kept: with the id of the API key it belongs to. The key of LARKSPUR_API_KEY has those without one. Callers' own words hold no line feed.</summary>
    public static string Owned(HttpContext http, string key) => Api.Caller.Grant(http).KeyId is { } id ? $"{id.ToString(System.Globalization.CultureInfo.InvariantCulture)}\n{key}" : key;

    /// <summary>The caller's own word, under which it was kept before keys had owners; null: it has none still.</summary>
    public static string? Unowned(string key) => key.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? key[(end + 1)..] : null;
}

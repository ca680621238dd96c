namespace Larkspur.Gateway.Messages;

/// <summary>The caller's own name for a message: a repeat under the same one is the same message.</summary>
internal static class IdempotencyKey
{
    private const int Longest = 200;

    /// <summary>The header <c>Idempotency-Key</c> or the body's <c>key</c>; without one, a key that never repeats.</summary>
    public static string Read(HttpRequest request, JsonFields? body)
    {
        var inBody = body?.Text("key", Longest);
        var inHeader = request.Headers["Idempotency-Key"] switch
        {
            [] => null,
            [{ Length: > 0 } one] => one,
            _ => throw RequestRefusedException.Malformed("bad_key", null, "Idempotency-Key is given once, and is not empty."),
        };
        if (inHeader is not null && inBody is not null && inHeader != inBody)
            throw RequestRefusedException.Malformed("two_keys", body!.At("key"), "The header Idempotency-Key and the field \"key\" differ.");
        var key = inHeader ?? inBody ?? Guid.NewGuid().ToString("N");
        if (key.Length > Longest || string.IsNullOrWhiteSpace(key) || key.Any(char.IsControl))
            throw RequestRefusedException.Malformed("bad_key", inBody is null ? null : body!.At("key"), "A key has up to 200 characters and no control characters.");
        return key;
    }
}

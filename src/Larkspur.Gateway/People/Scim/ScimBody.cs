using System.Text.Json;

namespace Larkspur.Gateway.People.Scim;

/// <summary>Bodies of SCIM's requests: one JSON object, <c>application/scim+json</c> or <c>application/json</c>, at most 1 MiB.</summary>
internal static class ScimBody
{
    public const int Largest = 1 << 20;

    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 16 };

    /// <exception cref="ScimRefusedException">It is too large (413), of another type (415), or no JSON object
    /// (<c>invalidSyntax</c>).</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (type is { Length: > 0 } && !type.Equals("application/scim+json", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new ScimRefusedException(415, null, "A body is application/scim+json.");
        if (http.Request.ContentLength > Largest) throw TooLarge();
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > Largest) throw TooLarge();
            body.Write(buffer, 0, read);
        }

        try
        {
            var root = JsonSerializer.Deserialize<JsonElement>(body.GetBuffer().AsSpan(0, (int)body.Length),
                Json);
            Demand(root);
            return root.ValueKind == JsonValueKind.Object ? root : throw ScimRefusedException.Syntax("A body is a JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ScimRefusedException.Syntax("The body is no JSON.");
        }
    }

    /// <summary>Each name and text can be read.</summary>
    /// <exception cref="InvalidOperationException">One is half a surrogate pair, which is JSON and no text.</exception>
    private static void Demand(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    Demand(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray()) Demand(item);
                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }

    private static ScimRefusedException TooLarge() => new(413, null, $"A body has at most {Largest} bytes.");
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>What a repeat under one idempotency key must say again.</summary>
internal static class RequestHash
{
    /// <summary>All members of a body but for the key, in whatever order and with whatever blanks between them.</summary>
    public static string Of(JsonElement body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        body.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null && m.Name != "key")
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => $"{m.Name}={JsonSerializer.Serialize(m.Value, RequestJson.AsDeep)}")))));
}

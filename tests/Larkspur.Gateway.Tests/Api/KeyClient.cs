using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>Calls with any key, or none.</summary>
internal static class KeyClient
{
    public static async Task<KeyAnswer> CallAsync(this GatewayApp gateway, string? key, HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(method, "/api/v1" + path)
        {
            Content = body switch { null => null, string json => new StringContent(json, Encoding.UTF8, "application/json"), _ => JsonContent.Create(body) },
        };
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new KeyAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text),
            answer.Headers.RetryAfter?.Delta, answer.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>Makes a key by the key of LARKSPUR_API_KEY.</summary>
    public static async Task<(string Secret, long Id)> MakeKeyAsync(this GatewayApp gateway, string name, string[] scopes, int? perMinute = null, DateTimeOffset? expiresAt = null)
    {
        var answer = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name, scopes, requests_per_minute = perMinute, expires_at = expiresAt });
        Assert.True(answer.Status == 201, answer.ToString());
        return (answer.Body.GetProperty("secret").GetString()!, answer.Body.GetProperty("key").GetProperty("id").GetInt64());
    }
}

/// <summary>An answer.</summary>
internal sealed record KeyAnswer(int Status, string? ContentType, JsonElement Body, TimeSpan? RetryAfter, string Challenge)
{
    public string? Text(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public string? Error => Text("error");
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>REST calls as a business system makes them.</summary>
internal static class MessagesApi
{
    public static async Task<RestAnswer> RestAsync(this GatewayApp gateway, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path)
        {
            Content = body switch
            {
                null => null,
                HttpContent content => content,
                string json => new StringContent(json, Encoding.UTF8, "application/json"),
                _ => JsonContent.Create(body),
            },
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await gateway.Http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var json2 = answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json" ? JsonSerializer.Deserialize<JsonElement>(bytes) : default;
        return new RestAnswer((int)answer.StatusCode, json2, bytes, answer.Content.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public static Task<RestAnswer> PostRestAsync(this GatewayApp gateway, string path, object? body = null, string? key = null) => gateway.RestAsync(HttpMethod.Post, path, body, key);

    public static Task<RestAnswer> GetRestAsync(this GatewayApp gateway, string path) => gateway.RestAsync(HttpMethod.Get, path);

    /// <summary>Asks again until the message has its end.</summary>
    public static async Task<JsonElement> EndOfAsync(this GatewayApp gateway, long id)
    {
        for (var i = 0; i < 3; i++)
        {
            var answer = await gateway.GetRestAsync($"/messages/{id}?wait=15");
            Assert.Equal(200, answer.Status);
            if (answer.Text("state") != "queued") return answer.Body;
        }

        throw new TimeoutException(gateway.Logs.Text);
    }
}

internal sealed record RestAnswer(int Status, JsonElement Body, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string? Text(string name) => Body.GetProperty(name).GetString();

    public long Id => Body.GetProperty("id").GetInt64();

    public string? Error => Text("error");

    public string? Pointer => Body.TryGetProperty("pointer", out var pointer) ? pointer.GetString() : null;

    public JsonElement[] Items => [.. Body.GetProperty("items").EnumerateArray()];

    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Bytes)}";
}

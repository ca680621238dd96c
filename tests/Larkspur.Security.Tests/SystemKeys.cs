using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>Keys of business systems, as an administrator hands them out.</summary>
internal static class SystemKeys
{
    /// <summary>A key and its text.</summary>
    public static async Task<string> KeyOfAsync(this GatewayApp gateway, string name, string[] scopes, string? system = null, string[]? apps = null, DateTimeOffset? ends = null)
    {
        var body = new Dictionary<string, object> { ["name"] = name, ["scopes"] = scopes };
        if (system is not null) body["system"] = system;
        if (apps is not null) body["apps"] = apps;
        if (ends is { } at) body["expires_at"] = at;
        var made = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", body);
        Assert.True(made.Status == 201, made.Body.ToString());
        return made.Text("secret")!;
    }

    /// <summary>The call is answered as if there were nothing: in the very words that are said of what does not exist.</summary>
    public static async Task NotThereAsync(this GatewayApp gateway, string key, HttpMethod method, string path, string missing, object? body = null)
    {
        var refused = await gateway.CallAsync(key, method, path, body);
        Assert.True(refused.Status == 404, $"{method} {path}: {refused.Status} {refused.Body}");
        var none = await gateway.CallAsync(key, method, missing, body);
        Assert.Equal(none.Body.GetRawText(), refused.Body.GetRawText());
        Assert.Contains("others:", refused.Text("message"), StringComparison.Ordinal);
    }

    public static JsonElement[] Items(this KeyAnswer answer)
    {
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
        return [.. answer.Body.GetProperty("items").EnumerateArray()];
    }
}

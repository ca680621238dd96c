using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>The operator's calls, as a program makes them.</summary>
internal static class OperationsApi
{
    public static async Task<(int Status, JsonElement Body)> AskAsync(this GatewayApp gateway, string path)
    {
        using var answer = await gateway.Http.GetAsync(new Uri("/api/v1" + path, UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static async Task<(int Status, JsonElement Body)> TellAsync(this GatewayApp gateway, string path, string? json = null)
    {
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await gateway.Http.PostAsync(new Uri("/api/v1" + path, UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The single row of an event.</summary>
    public static async Task<JsonElement> RowAsync(this GatewayApp gateway, string eventId) => (await gateway.InboxAsync(eventId)).GetProperty("items")[0];

    public static async Task<long> RowIdAsync(this GatewayApp gateway, string eventId) => (await gateway.RowAsync(eventId)).GetProperty("id").GetInt64();

    public static async Task<JsonElement[]> ListAsync(this GatewayApp gateway, string path)
    {
        var (status, body) = await gateway.AskAsync(path);
        Assert.Equal(200, status);
        return [.. body.GetProperty("items").EnumerateArray()];
    }

    /// <summary>Changes rows behind the gateway's back.</summary>
    public static async Task<int> DamageAsync(this GatewayApp gateway, string sql, params object?[] values) =>
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(unit => unit.ExecuteAsync(sql, values));
}

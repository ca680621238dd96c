using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>Every route of the description, present and future, is closed without a key and without its scope.</summary>
[Trait("Database", "PostgreSQL")]
public sealed partial class ScopeTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Fact]
    public async Task Every_route_is_closed_without_a_key_and_to_a_key_that_lacks_its_scope()
    {
        var routes = await RoutesAsync();
        Assert.True(routes.Length > 40, $"{routes.Length} routes");
        var scopes = routes.Select(r => r.Scope).Distinct().ToArray();
        var everything = await AllScopesAsync();
        Assert.All(routes, r => Assert.True(r.Scope is not null && everything.Contains(r.Scope), $"{r.Method} {r.Path} names no known scope: .Needs(ApiScopes.…)"));
        Dictionary<string, string> lacking = [];
        foreach (var scope in scopes) lacking[scope!] = (await Gateway.MakeKeyAsync($"without {scope}", [.. everything.Where(s => s != scope)], perMinute: 10_000)).Secret;
        foreach (var route in routes)
        {
            var where = $"{route.Method} {route.Path}";
            // A body that no route takes: whoever read it before the key would say so.
            var stranger = await Gateway.CallAsync(null, route.Method, route.Path, route.HasBody ? "[" : null);
            Assert.True((stranger.Status, stranger.Error, stranger.ContentType) == (401, "wrong_api_key", "application/problem+json"), $"{where} without a key: {stranger}");
            var poor = await Gateway.CallAsync(lacking[route.Scope!], route.Method, route.Path, route.HasBody ? "[" : null);
            Assert.True((poor.Status, poor.Error, poor.Text("scope")) == (403, "missing_scope", route.Scope), $"{where} without {route.Scope}: {poor}");
        }
    }

    [Fact]
    public async Task A_scope_opens_its_routes()
    {
        foreach (var route in (await RoutesAsync()).Where(r => r.Method == HttpMethod.Get && !r.Path.Contains("/1", StringComparison.Ordinal)).DistinctBy(r => (r.Scope, r.Also)))
        {
            var (secret, _) = await Gateway.MakeKeyAsync($"only {route.Scope} {route.Also}".Trim(), route.Also is null ? [route.Scope!] : [route.Scope!, route.Also]);
            var answer = await Gateway.CallAsync(secret, route.Method, route.Path);
            Assert.True(answer.Error != "missing_scope" && answer.Status != 401, $"{route.Path}: {answer}");
        }
    }

    private async Task<string[]> AllScopesAsync()
    {
        var refused = await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/api-keys", new { name = "x", scopes = new[] { "everything" } });
        return [.. Scope().Matches(refused.Text("message")!).Select(m => m.Value)];
    }

    private async Task<Route[]> RoutesAsync()
    {
        var document = await Gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => new Route(
            new HttpMethod(operation.Name.ToUpperInvariant()), Template().Replace(path.Name["/api/v1".Length..], "1"),
            operation.Value.TryGetProperty("x-scope", out var scope) ? scope.GetString() : null, operation.Value.TryGetProperty("x-scope-also", out var also) ? also.GetString() : null, operation.Value.TryGetProperty("requestBody", out _))))];
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Template();

    [GeneratedRegex(@"\b[a-z-]+:(read|write|person|decide|call)\b")]
    private static partial Regex Scope();

    private sealed record Route(HttpMethod Method, string Path, string? Scope, string? Also, bool HasBody);
}

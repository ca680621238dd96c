using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Notifications;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>What the description says of a body is what is taken: every bound of every route is passed by one, and sent.</summary>
public sealed class DescribedBodyTests : IAsyncLifetime
{
    /// <summary>Bodies of a grammar of their own: their readers refuse what they do not know, and their own tests say so.</summary>
    private static readonly string[] Grammars =
    [
        "ChangeSettings", "CreateApprovalDefinition", "ReplaceApprovalDefinition", "PutExternalApproval", "PutExternalInstance",
        "CheckExternalInstances", "PutNotificationType",
    ];

    /// <summary>Bodies that the framework binds: what is wrong is bad_request there.</summary>
    private static readonly string[] Bound = ["/api/v1/streams", "/api/v1/inbox"];

    private NotificationFixture _fixture = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task What_is_described_is_what_is_taken()
    {
        var schemas = new Schemas(await _fixture.Gateway.DescribeApiAsync(Cancel));
        var (routes, sent) = (0, 0);
        var wrong = new List<string>();
        foreach (var (name, method, path, body) in schemas.Bodies().Where(b => schemas.IsDeclared(b.Body) && !Bound.Any(b.Path.StartsWith)))
        {
            routes++;
            foreach (var broken in schemas.Broken(schemas.Resolve(body)))
            {
                sent++;
                var (status, word, pointer) = await SendAsync(method, path, broken.Body);
                var unknown = broken.Pointer.EndsWith(Schemas.Nobodys, StringComparison.Ordinal);
                if (status is not (400 or 422) || pointer != broken.Pointer || unknown != (word == "unknown_field"))
                    wrong.Add($"{name}: {broken.What} at {broken.Pointer} is {status} {word} at {pointer}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(routes >= 51 && sent >= 1000, $"{routes} routes, {sent} bodies");
    }

    [Fact]
    public async Task Every_body_is_declared_or_has_a_grammar()
    {
        var schemas = new Schemas(await _fixture.Gateway.DescribeApiAsync(Cancel));
        var open = schemas.Bodies().Where(b => !schemas.IsDeclared(b.Body)).Select(b => b.Name);
        Assert.Equal(Grammars.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    private async Task<(int Status, string? Word, string? Pointer)> SendAsync(string method, string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await _fixture.Gateway.Http.SendAsync(request, Cancel);
        var problem = await answer.Content.ReadAsStringAsync(Cancel);
        if (answer.IsSuccessStatusCode) return ((int)answer.StatusCode, null, null);
        var read = JsonSerializer.Deserialize<JsonElement>(problem);
        return ((int)answer.StatusCode, read.GetProperty("error").GetString(),
            read.TryGetProperty("pointer", out var pointer) ? pointer.GetString() : null);
    }
}

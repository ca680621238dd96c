using System.Net;
using System.Net.Http.Json;

namespace Larkspur.Gateway.Tests;

/// <summary>Addresses that people guess, and names that they mistype.</summary>
public sealed class FrontDoorTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bare_address_leads_to_the_console()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Gateway.Address };
        using var answer = await http.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.Redirect, "/console"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task The_webhook_has_the_address_that_tutorials_give_it()
    {
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Address };
        foreach (var path in (string[])["/webhook/feishu", "/api/v1/feishu/webhook"])
        {
            using var answer = await stranger.PostAsJsonAsync(new Uri(path, UriKind.Relative), new { }, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("""{"error":"missing_signature"}""", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("outbox?limitt=3", "?limitt", "Did you mean \"limit\"?")]
    [InlineData("people?Platform=feishu&serach=x", "?serach", "There are: cursor, department, disabled, limit, platform, q, state.")]
    [InlineData("status?verbose=1", "?verbose", "There are none.")]
    [InlineData("messages/1?wiat=2", "?wiat", "Did you mean \"wait\"?")]
    public async Task A_query_parameter_that_there_is_none_of_is_refused(string path, string pointer, string hint)
    {
        using var answer = await fixture.Gateway.Http.GetAsync(new Uri("/api/v1/" + path, UriKind.Relative), Cancel);
        var problem = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancel);
        Assert.Equal((400, "unknown_parameter", pointer), ((int)answer.StatusCode, problem.GetProperty("error").GetString(), problem.GetProperty("pointer").GetString()));
        Assert.EndsWith(hint, problem.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>Calls SCIM with a key of its own, as an upstream does.</summary>
internal sealed class ScimClient(GatewayApp gateway, string? key)
{
    /// <summary>An upstream with a key of its own.</summary>
    public static async Task<ScimClient> MakeAsync(GatewayApp gateway, params string[] scopes) => new(gateway,
        (await gateway.MakeKeyAsync("scim-" + Guid.NewGuid().ToString("N")[..12], scopes.Length == 0 ? ["people:read", "people:provision"] : scopes)).Secret);

    public async Task<ScimReply> CallAsync(HttpMethod method, string path, string? body = null, string type = "application/scim+json")
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(method, "/scim/v2" + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text),
            answer.Headers.Location?.ToString());
    }

    public Task<ScimReply> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    public Task<ScimReply> PostAsync(string path, string body) => CallAsync(HttpMethod.Post, path, body);

    public Task<ScimReply> PutAsync(string path, string body) => CallAsync(HttpMethod.Put, path, body);

    public Task<ScimReply> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path);

    /// <summary>A PATCH of these operations, written as JSON.</summary>
    public Task<ScimReply> PatchAsync(string path, params string[] operations) => CallAsync(HttpMethod.Patch, path,
        $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{string.Join(',', operations)}}]}""");

    public Task<ScimReply> FindAsync(string resource, string filter, string more = "") => GetAsync($"/{resource}?filter={Uri.EscapeDataString(filter)}{more}");

    /// <summary>A user as Entra makes one; its id.</summary>
    public async Task<string> MakeUserAsync(string userName, string? externalId = null)
    {
        var made = await PostAsync("/Users", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "externalId":"{{externalId ?? userName.Split('@')[0]}}","userName":"{{userName}}","active":true,
            "displayName":"Ann Lee","emails":[{"primary":true,"type":"work","value":"{{userName}}"}],
            "meta":{"resourceType":"User"},"name":{"formatted":"Ann Lee","familyName":"Lee","givenName":"Ann"} }
            """);
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("id")!;
    }

    /// <summary>A group; its id.</summary>
    public async Task<string> MakeGroupAsync(string name, params string[] members)
    {
        var made = await PostAsync("/Groups", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId":"{{Guid.NewGuid()}}","displayName":"{{name}}","meta":{"resourceType":"Group"},
            "members":[{{string.Join(',', members.Select(m => $$"""{"value":"{{m}}"}"""))}}]}
            """);
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("id")!;
    }

    public async Task<string[]> MembersAsync(string group) =>
        [.. (await GetAsync("/Groups/" + group)).Body.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("value").GetString()!)];
}

/// <summary>An answer.</summary>
internal sealed record ScimReply(int Status, string? Type, JsonElement Body, string? Location)
{
    public string? Text(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>For failures: what a record prints by itself reads members that an error has not.</summary>
    public override string ToString() => $"{Status} {Body}";

    public long Total => Body.GetProperty("totalResults").GetInt64();

    public JsonElement[] Resources => [.. Body.GetProperty(nameof(Resources)).EnumerateArray()];

    /// <summary>An error of RFC 7644, section 3.12.</summary>
    public void IsError(int status, string? scimType = null)
    {
        Assert.True(Status == status, ToString());
        Assert.Equal("application/scim+json", Type);
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", Body.GetProperty("schemas")[0].GetString());
        Assert.Equal(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Text("status"));
        Assert.Equal(scimType, Text("scimType"));
        Assert.NotEmpty(Text("detail")!);
    }
}

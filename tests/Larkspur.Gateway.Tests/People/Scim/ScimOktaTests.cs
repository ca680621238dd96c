using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People.Scim;

/// <summary>Requests as Okta sends them.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ScimOktaTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Password = "pT7-never-kept";

    private GatewayApp Gateway => fixture.Gateway;

    [Fact]
    public async Task Its_test_of_the_connection_reads_two_users()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        await client.MakeUserAsync("okta1@example.com");
        var answer = await client.GetAsync("/Users?startIndex=1&count=2");
        Assert.Equal(200, answer.Status);
        Assert.InRange(answer.Resources.Length, 1, 2);
        Assert.Equal(1, answer.Body.GetProperty("startIndex").GetInt32());
    }

    [Fact]
    public async Task A_full_PUT_with_a_password_keeps_no_password()
    {
        var client = await ScimClient.MakeAsync(Gateway);
        var made = await client.PostAsync("/Users", User("okta@example.com", true));
        Assert.True(made.Status == 201, made.ToString());
        Assert.EndsWith("/Users/" + made.Text("id"), made.Location);
        Assert.DoesNotContain(Password, made.ToString(), StringComparison.Ordinal);
        var off = await client.PutAsync("/Users/" + made.Text("id"), User("okta@example.com", false));
        Assert.Equal(200, off.Status);
        Assert.False(off.Body.GetProperty("active").GetBoolean());
        Assert.DoesNotContain("password", off.Body.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, Gateway.Logs.Text, StringComparison.Ordinal);
        var audit = await Gateway.Http.GetStringAsync(new Uri("/api/v1/audit", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Password, audit, StringComparison.Ordinal);
        // What a PUT does not name is taken away, but nobody is let in again by what is not said.
        var bare = await client.PutAsync("/Users/" + made.Text("id"), """{"userName":"okta@example.com"}""");
        Assert.False(bare.Body.GetProperty("active").GetBoolean());
        Assert.False(bare.Body.TryGetProperty("emails", out _));
        Assert.Null(bare.Text("externalId"));
    }

    private static string User(string name, bool active) => $$"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{name}}","name":{"givenName":"Test","middleName":"","familyName":"User"},
        "emails":[{"primary":true,"value":"{{name}}","type":"work"},{"primary":false,"value":"own@example.org","type":"home"}],"displayName":"Test User",
        "locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","groups":[],"password":"{{Password}}","active":{{(active ? "true" : "false")}}}
        """;
}

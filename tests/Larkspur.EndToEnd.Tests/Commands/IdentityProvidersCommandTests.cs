namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur identity-providers</c>: one is put, shown, tested and removed; its secret is printed by nothing.</summary>
public sealed class IdentityProvidersCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Secret = "kS9x2vT7qLw4nB8mZc1R";

    [Fact]
    public async Task A_provider_is_put_shown_tested_and_removed()
    {
        // Nobody listens there: what a test says of a provider that is there, ProviderRestTests hold.
        const string Issuer = "http://127.0.0.1:1/realms/company";
        (await fixture.RunAsync(["identity-providers", "put", "company", "--issuer", Issuer, "--client-id", "larkspur", "--secret-file", "-",
            "--title-en", "Company account", "--scopes", "openid profile groups"], Secret + "\n")).Is(0, "/sign-in/company/callback");
        (await fixture.RunAsync("identity-providers", "list")).Is(0, "Company account");
        (await fixture.RunAsync("identity-providers", "put", "company", "--groups-claim", "groups", "--create-people", "true")).Is(0, "Saved: company");
        (await fixture.RunAsync("identity-providers", "show", "company")).Is(0, "openid profile groups");
        var shown = (await fixture.RunAsync("identity-providers", "show", "company", "--json")).Is(0);
        Assert.Equal(("groups", true, true), (shown.Json.GetProperty("groups_claim").GetString(), shown.Json.GetProperty("create_people").GetBoolean(),
            shown.Json.GetProperty("has_secret").GetBoolean()));
        (await fixture.RunAsync("identity-providers", "test", "company")).Is(1, "cannot be reached");

        (await fixture.RunAsync("identity-providers", "put", "company")).Is(2, "--issuer");
        (await fixture.RunAsync("identity-providers", "put", "company", "--client-auth", "client_secret_basik")).Is(1, "Did you mean");
        (await fixture.RunAsync("identity-providers", "put", "feishu-2", "--issuer", Issuer)).Is(2, "begin with feishu");
        (await fixture.RunAsync("identity-providers", "remove", "company")).Is(0, "Removed: company");
        (await fixture.RunAsync("identity-providers", "show", "company")).Is(1, "No identity provider has this name");
        Assert.DoesNotContain(Secret, fixture.Seen, StringComparison.Ordinal);
    }
}

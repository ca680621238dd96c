namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur clients</c>: a system is connected, shown, changed, given another secret and disconnected.</summary>
public sealed class ClientsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_client_is_made_shown_changed_rotated_and_removed()
    {
        var made = await fixture.RunAsync("clients", "create", "Grafana", "--redirect-uri", "https://grafana.example.com/login/generic_oauth",
            "--id-token-claims", "true", "--json");
        made.Is(0);
        var (id, secret) = (made.Json.GetProperty("client_id").GetString()!, made.Json.GetProperty("client_secret").GetString()!);
        Assert.StartsWith("ls_", secret, StringComparison.Ordinal);
        (await fixture.RunAsync("clients", "list")).Is(0, "Grafana");
        var shown = await fixture.RunAsync("clients", "show", id, "--json");
        shown.Is(0, "grafana.example.com");
        Assert.True(shown.Json.GetProperty("id_token_claims").GetBoolean());
        (await fixture.RunAsync("clients", "change", id, "--name", "Dashboards", "--groups", "ids", "--verified-email-domain", "example.com"))
            .Is(0, "Dashboards");
        (await fixture.RunAsync("clients", "change", id, "--groups", "idz")).Is(1, "Did you mean");
        var rotated = await fixture.RunAsync("clients", "rotate", id);
        rotated.Is(0, "ls_");
        Assert.DoesNotContain(secret, rotated.Output, StringComparison.Ordinal);
        (await fixture.RunAsync("clients", "keys")).Is(0, "active");
        (await fixture.RunAsync("clients", "rotate-keys")).Is(0, "retiring");
        (await fixture.RunAsync("clients", "create", "Page", "--redirect-uri", "https://page.example.com/cb", "--public")).Is(0, "it is public");
        (await fixture.RunAsync("clients", "create", "Bad", "--redirect-uri", "http://page.example.com/cb", "--public")).Is(1, "https");
        (await fixture.RunAsync("clients", "remove", id)).Is(0, "Removed");
        (await fixture.RunAsync("clients", "show", id)).Is(1, "No client has this id");
    }
}

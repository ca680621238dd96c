using Larkspur.Testing;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur scim-targets</c>: a target is added, previewed, synced, shown and removed; its token is printed by nothing.</summary>
public sealed class ScimTargetsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_target_is_put_previewed_synced_shown_and_removed()
    {
        await using var target = await FakeTarget.StartAsync();
        (await fixture.RunAsync("directory", "sync", "--platform", "feishu")).Is(0, "complete");
        (await fixture.RunAsync(["scim-targets", "put", "slack", "--url", target.Url, "--token-file", "-", "--user-name", "user_id", "--groups", "departments"], FakeTarget.Token + "\n"))
            .Is(0, "Saved: slack");
        await fixture.UntilAsync(run => run.Json.GetProperty("state").GetString() == "active" && run.Json.GetProperty("users").GetInt64() == 3, "scim-targets", "show", "slack", "--json");
        (await fixture.RunAsync("scim-targets", "list")).Is(0, "slack");
        (await fixture.RunAsync("scim-targets", "show", "slack")).Is(0, target.Url);
        (await fixture.RunAsync("scim-targets", "sync", "slack", "--dry-run")).Is(0, "unchanged 3");
        (await fixture.RunAsync("scim-targets", "sync", "slack", "--dry-run", "--json")).Is(0);
        (await fixture.RunAsync("scim-targets", "sync", "slack")).Is(0, "Asked for");
        (await fixture.RunAsync("scim-targets", "put", "slack", "--groups", "none")).Is(0, "Saved: slack");

        (await fixture.RunAsync("scim-targets", "put", "slack")).Is(2, "--url");
        (await fixture.RunAsync("scim-targets", "put", "slack", "--user-name", "emial")).Is(1, "Did you mean");
        (await fixture.RunAsync("scim-targets", "sync", "slack", "--dry-run", "--confirm")).Is(2, "do not go together");
        (await fixture.RunAsync("scim-targets", "remove", "slack")).Is(0, "Removed: slack");
        (await fixture.RunAsync("scim-targets", "show", "slack")).Is(1, "No SCIM target has this name");
        Assert.Equal(3, target.Users.Count);
        Assert.DoesNotContain(FakeTarget.Token, fixture.Seen, StringComparison.Ordinal);
    }
}

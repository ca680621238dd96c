using System.Text.Json;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur keys</c>: a business system gets a key that may do what it needs, and loses it.</summary>
public sealed class KeysCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_key_may_do_what_it_was_made_for_until_it_is_revoked()
    {
        var made = (await fixture.RunAsync("keys", "create", "mica", "--scope", "payments:read", "notifications:read", "--requests-per-minute", "60", "--expires", "365d", "--json")).Is(0).Json;
        var (secret, key) = (made.GetProperty("secret").GetString()!, made.GetProperty("key"));
        var id = key.GetProperty("id").GetInt64().ToString();
        Assert.Equal(60, key.GetProperty("requests_per_minute").GetInt32());
        Assert.InRange(key.GetProperty("expires_at").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddDays(364), DateTimeOffset.UtcNow.AddDays(366));

        (await fixture.RunAsync(["payments", "list"], null, secret)).Is(0, "None.");
        var refused = (await fixture.RunAsync(["payments", "cancel", "pay_0"], null, secret)).Is(1, "missing_scope");
        Assert.Contains("payments:write", refused.Errors, StringComparison.Ordinal);
        (await fixture.RunAsync(["settings", "set", "auth.feishu.enabled=false"], null, secret)).Is(1, "settings:read");
        (await fixture.RunAsync("keys", "create", "mica", "--scope", "payments:read")).Is(1, "name_in_use");

        var rotated = (await fixture.RunAsync("keys", "rotate", id, "--overlap", "1h")).Is(0, "Its secret, shown this once: lk_");
        var next = rotated.Output.Split("shown this once: ")[1].Trim();
        foreach (var either in (string[])[secret, next]) (await fixture.RunAsync(["payments", "list"], null, either)).Is(0);
        (await fixture.RunAsync("keys", "list")).Is(0, "notifications:read payments:read");
        (await fixture.RunAsync("keys", "show", id)).Is(0, "old secret until");
        (await fixture.RunAsync("keys", "revoke", id)).Is(0, $"Revoked: key {id}, mica");
        foreach (var either in (string[])[secret, next]) (await fixture.RunAsync(["payments", "list"], null, either)).Is(3, "larkspur: ");
        (await fixture.RunAsync("keys", "list", "--json")).Is(0);
        (await fixture.RunAsync("keys", "list", "--revoked")).Is(0, "revoked");

        // Each secret is in one answer, and in no log.
        Assert.Single(fixture.Seen.Split(secret)[1..]);
        Assert.Single(fixture.Seen.Split(next)[1..]);
    }

    [Fact]
    public async Task A_key_is_changed_and_keeps_its_secret()
    {
        var made = (await fixture.RunAsync("keys", "create", "changing", "--scope", "payments:read", "--json")).Is(0).Json;
        var (secret, id) = (made.GetProperty("secret").GetString()!, made.GetProperty("key").GetProperty("id").GetInt64().ToString());
        (await fixture.RunAsync("keys", "change", id, "--name", "changed", "--scope", "notifications:read", "--requests-per-minute", "90")).Is(0, "changed");
        (await fixture.RunAsync(["payments", "list"], null, secret)).Is(1, "missing_scope");
        (await fixture.RunAsync(["notifications", "list"], null, secret)).Is(0);
        Assert.Equal(90, (await fixture.RunAsync("keys", "show", id, "--json")).Is(0).Json.GetProperty("requests_per_minute").GetInt32());
        (await fixture.RunAsync("keys", "change", id)).Is(2, "Say what changes");
        (await fixture.RunAsync("keys", "change", id, "--scope", "everything")).Is(1, "unknown_scope");
    }

    [Fact]
    public async Task A_key_hands_on_no_more_than_it_has()
    {
        var made = (await fixture.RunAsync("keys", "create", "admin", "--scope", "keys:write", "--scope", "status:read", "--json")).Is(0).Json;
        (await fixture.RunAsync(["keys", "create", "more", "--scope", "settings:write"], null, made.GetProperty("secret").GetString())).Is(1, "scope_not_held");
    }

    [Theory]
    [InlineData(1, "unknown_scope", "create", "x", "--scope", "everything")]
    [InlineData(2, "--scope", "create", "x")]
    [InlineData(1, "/expires_at: ", "create", "x", "--scope", "status:read", "--expires", "2020-01-01")]
    [InlineData(2, "is not a time", "create", "x", "--scope", "status:read", "--expires", "some day")]
    [InlineData(2, "is no length of time", "rotate", "1", "--overlap", "long")]
    [InlineData(1, "No key has this id", "revoke", "4242")]
    [InlineData(2, "seven", "show", "seven")]
    public async Task What_is_refused_has_its_sentence_and_exit_code(int code, string sentence, params string[] arguments) => (await fixture.RunAsync(["keys", .. arguments])).Is(code, sentence);
}

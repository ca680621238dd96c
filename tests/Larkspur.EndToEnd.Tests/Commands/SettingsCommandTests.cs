using System.Text.Json;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur settings</c>, <c>audit</c> and <c>deliveries</c>, as an administrator uses them.</summary>
public sealed class SettingsCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task Settings_are_changed_together_looked_at_and_taken_away()
    {
        (await fixture.RunAsync("settings", "set", "auth.feishu.notify_on_po=true", "notifications.quiet_hours=22:00-08:00")).Is(0, "notifications.quiet_hours: 22:00-08:00");
        Assert.Equal("true", (await fixture.RunAsync("settings", "get", "auth.feishu.notify_on_po")).Is(0).Output.Trim());
        Assert.True((await fixture.RunAsync("settings", "get", "auth.feishu.notify_on_po", "--json")).Is(0).Json.GetProperty("value").GetBoolean());
        var listed = (await fixture.RunAsync("settings", "list", "notifications", "--json")).Is(0).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.All(listed, s => Assert.StartsWith("notifications.", s.GetProperty("key").GetString(), StringComparison.Ordinal));
        Assert.Matches(@"(?m)^auth\.feishu\.app_id +cli_a1b2c3d4e5f60718 +FEISHU_APP_ID ", (await fixture.RunAsync("settings", "list")).Is(0).Output);

        // All or nothing.
        (await fixture.RunAsync("settings", "set", "notifications.quiet_hours=23:00-07:00", "auth.feishu.notify_on_po=maybe")).Is(1, "/auth.feishu.notify_on_po: ");
        Assert.Equal("22:00-08:00", (await fixture.RunAsync("settings", "get", "notifications.quiet_hours")).Is(0).Output.Trim());
        (await fixture.RunAsync("settings", "unset", "notifications.quiet_hours")).Is(0, "notifications.quiet_hours: (none)");
        Assert.Equal("", (await fixture.RunAsync("settings", "get", "notifications.quiet_hours")).Is(1).Output.Trim());

        var changes = (await fixture.RunAsync("audit", "list", "--what", "setting.changed", "--subject", "notifications.quiet_hours", "--json")).Is(0).Json.GetProperty("items");
        Assert.Equal(2, changes.GetArrayLength());
        (await fixture.RunAsync("audit", "list", "--since", "1h", "--limit", "1")).Is(0, "There are more");
        (await fixture.RunAsync("audit", "list", "--who", "nobody")).Is(0, "None.");
        (await fixture.RunAsync("audit", "verify")).Is(0, "lines fit, head ");
        var head = (await fixture.RunAsync("audit", "verify", "--json")).Is(0).Json.GetProperty("head").GetString()!;
        (await fixture.RunAsync("audit", "verify", "--head", head)).Is(0, head);
        (await fixture.RunAsync("audit", "verify", "--head", head.Replace(':', ';'))).Is(2, "LINE:SEAL");
    }

    [Fact]
    public async Task A_secret_comes_from_the_input_alone_and_is_never_seen_again()
    {
        const string secret = "very-secret-action-token-4711";
        (await fixture.RunAsync("settings", "set", "approvals.action_token=" + "typed-where-all-can-see")).Is(2, "is a secret");
        (await fixture.RunAsync(["settings", "set", "approvals.action_token"], secret + "\n")).Is(0, "approvals.action_token: (set)");
        (await fixture.RunAsync("settings", "get", "approvals.action_token")).Is(0, "(set)");
        (await fixture.RunAsync("settings", "list", "--json")).Is(0);
        (await fixture.RunAsync("audit", "list", "--subject", "approvals.action_token", "--json")).Is(0);
        (await fixture.RunAsync(["settings", "set", "approvals.action_token"], "")).Is(2, "is empty");
        (await fixture.RunAsync(["settings", "set", "approvals.action_token"], "short")).Is(1, "/approvals.action_token: ");
        Assert.DoesNotContain(secret, fixture.Seen, StringComparison.Ordinal);
        (await fixture.RunAsync("settings", "unset", "approvals.action_token")).Is(0, "approvals.action_token: (none)");
    }

    [Theory]
    [InlineData(1, "there is no setting", "get", "auth.feishu.nothing")]
    [InlineData(1, "there is no setting", "set", "auth.feishu.nothing=1")]
    [InlineData(1, "unknown_setting", "unset", "auth.feishu.nothing")]
    [InlineData(1, "set_by_environment", "set", "auth.feishu.app_id=cli_0000000000000000")]
    [InlineData(2, "given twice", "set", "auth.feishu.notify_on_po=true", "auth.feishu.notify_on_po=false")]
    [InlineData(2, "not several", "set", "auth.feishu.notify_on_po", "auth.feishu.notify_on_pr")]
    [InlineData(2, "key=value", "set")]
    public async Task What_is_refused_has_its_sentence_and_exit_code(int code, string sentence, params string[] arguments) => (await fixture.RunAsync(["settings", .. arguments])).Is(code, sentence);

    [Fact]
    public async Task What_did_not_arrive_is_found_by_whom_it_was_to_reach_and_sent_again()
    {
        const string nowhere = "oc_00000000000000000000000000000000";
        (await fixture.RunAsync("messages", "send", "--chat", nowhere, "--text", "anybody?", "--wait")).Is(1);
        var dead = Assert.Single((await fixture.RunAsync("deliveries", "list", "--kind", "message", "--status", "dead", "--target", nowhere, "--json")).Is(0).Json.GetProperty("items").EnumerateArray());
        var id = dead.GetProperty("id").GetInt64().ToString();
        (await fixture.RunAsync("deliveries", "list", "--target", nowhere)).Is(0, "dead");
        (await fixture.RunAsync("deliveries", "replay", "--all", "--target", nowhere)).Is(0, "1 deliveries go again.");
        var again = await fixture.UntilAsync(run => run.Json.GetProperty("row").GetProperty("status").GetString() == "dead", "deliveries", "show", id);
        Assert.Contains(again.Json.GetProperty("history").EnumerateArray(), line => line.GetProperty("what").GetString() == "replayed");
        (await fixture.RunAsync("deliveries", "replay", id, "424242", "--json")).Is(1);
        (await fixture.RunAsync("deliveries", "replay", "424242")).Is(1, "delivery 424242 does not: not_found");
        (await fixture.RunAsync("deliveries", "list", "--kind", "webhook")).Is(0, "None.");
        (await fixture.RunAsync("deliveries", "replay", "--all")).Is(2, "at least one");
        (await fixture.RunAsync("deliveries", "replay")).Is(2, "--all");
    }
}

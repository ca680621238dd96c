using Larkspur.Webhooks;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur webhooks</c>: a business system is added, tried, changed and taken away.</summary>
public sealed class WebhooksCommandTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_webhook_with_its_own_secret_is_added_tried_changed_and_taken_away()
    {
        var secret = fixture.Business.Secret;
        (await fixture.RunAsync(["webhooks", "add", "mica", fixture.BusinessAddress, "--event", "approval.decided", "--event", "payment.decided", "--secret-file", "-"], secret + "\n")).Is(0, "Added: mica");
        (await fixture.RunAsync("webhooks", "add", "mica", fixture.BusinessAddress)).Is(1, "there is a webhook mica already");
        (await fixture.RunAsync("webhooks", "test", "mica")).Is(0, "delivered");
        Assert.Contains(fixture.Business.Told, t => t.Type == "webhook.test");
        Assert.Equal(0, fixture.Business.Forged);
        var attempt = Assert.Single((await fixture.RunAsync("webhooks", "deliveries", "list", "mica", "--json")).Is(0).Json.GetProperty("items").EnumerateArray());
        (await fixture.RunAsync("webhooks", "deliveries", "list", "mica", "--state", "delivered")).Is(0, "webhook.test");
        var id = attempt.GetProperty("webhook_id").GetString()!;
        (await fixture.RunAsync("webhooks", "deliveries", "show", "mica", id)).Is(0, "webhook.test");
        (await fixture.RunAsync("webhooks", "deliveries", "resend", "mica", id)).Is(0, "Sent again: " + id);
        (await fixture.RunAsync("webhooks", "deliveries", "resend", "mica", "--since", "1h")).Is(0, "Sent again: 0");
        (await fixture.RunAsync("deliveries", "show", attempt.GetProperty("id").GetInt64().ToString())).Is(0, "webhook.test");

        (await fixture.RunAsync("webhooks", "change", "mica", "--event", "*", "--timeout", "5")).Is(0, "Changed: mica");
        (await fixture.RunAsync("webhooks", "show", "mica")).Is(0, "5 s");
        (await fixture.RunAsync("webhooks", "change", "mica", "--no-events")).Is(0);
        Assert.Equal(0, (await fixture.RunAsync("webhooks", "show", "mica", "--json")).Is(0).Json.GetProperty("events").GetArrayLength());
        var other = fixture.Write("other.secret", WebhookSecret.Generate());
        (await fixture.RunAsync("webhooks", "rotate", "mica", "--secret-file", other)).Is(0, "the old secret signs as well until");
        (await fixture.RunAsync("webhooks", "list")).Is(0, fixture.BusinessAddress);
        (await fixture.RunAsync("webhooks", "delete", "mica")).Is(0, "Deleted: mica");
        (await fixture.RunAsync("webhooks", "show", "mica")).Is(1, "No webhook has this name");

        // What came from outside is printed by nothing, and logged by nobody.
        Assert.DoesNotContain(secret, fixture.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(fixture.Folder, other), TestContext.Current.CancellationToken), fixture.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_the_gateway_made_is_printed_once()
    {
        var added = (await fixture.RunAsync("webhooks", "add", "erp", "https://erp.example.com/larkspur", "--event", "payment.decided")).Is(0, "Its secret, shown this once: whsec_");
        var secret = added.Output.Split("shown this once: ")[1].Trim();
        var rotated = (await fixture.RunAsync("webhooks", "rotate", "erp", "--json")).Is(0).Json.GetProperty("secret").GetString()!;
        Assert.NotEqual(secret, rotated);
        foreach (var look in (string[][])[["webhooks", "show", "erp", "--json"], ["webhooks", "list", "--json"], ["audit", "list", "--subject", "erp", "--json"], ["webhooks", "change", "erp", "--event", "*", "--json"]])
        {
            var run = (await fixture.RunAsync(look)).Is(0);
            Assert.DoesNotContain(secret, run.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(rotated, run.ToString(), StringComparison.Ordinal);
        }

        foreach (var made in (string[])[secret, rotated]) Assert.DoesNotContain(made, fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "/url: ", "add", "bad", "ftp://example.com")]
    [InlineData(2, "bad_name", "add", "Bad", "https://example.com/x")]
    [InlineData(1, "/events/0: ", "add", "bad", "https://example.com/x", "--event", "no event")]
    [InlineData(1, "/secret: ", "add", "bad", "https://example.com/x", "--secret-file", "weak.secret")]
    [InlineData(2, "has more than one line", "add", "bad", "https://example.com/x", "--secret-file", "two.secret")]
    [InlineData(2, "there is no file", "add", "bad", "https://example.com/x", "--secret-file", "no.secret")]
    [InlineData(2, "--secret", "add", "bad", "https://example.com/x", "--secret", "whsec_x")]
    [InlineData(1, "there is no webhook epr", "change", "epr", "--event", "*")]
    [InlineData(2, "Say what is to change", "change", "erp")]
    [InlineData(1, "No webhook has this name", "test", "nobody")]
    [InlineData(2, "Say which: a webhook-id, or --since", "deliveries", "resend", "erp")]
    public async Task What_is_refused_has_its_sentence_and_exit_code(int code, string sentence, params string[] arguments)
    {
        fixture.Write("weak.secret", "whsec_dG9vIHNob3J0");
        fixture.Write("two.secret", "whsec_a\nwhsec_b\n");
        (await fixture.RunAsync(["webhooks", .. arguments])).Is(code, sentence);
        Assert.DoesNotContain("dG9vIHNob3J0", fixture.Seen, StringComparison.Ordinal);
    }
}

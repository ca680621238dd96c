using Larkspur.Webhooks;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur webhooks</c>: a business system is added, tried, changed and taken away.</summary>
public sealed class WebhooksCommandTests(AdminStage stage) : IClassFixture<AdminStage>
{
    [Fact]
    public async Task A_webhook_with_its_own_secret_is_added_tried_changed_and_taken_away()
    {
        var secret = stage.Business.Secret;
        (await stage.RunAsync(["webhooks", "add", "mica", stage.BusinessAddress, "--event", "approval.decided", "--event", "payment.decided", "--secret-file", "-"], secret + "\n")).Is(0, "Added: mica");
        (await stage.RunAsync("webhooks", "add", "mica", stage.BusinessAddress)).Is(1, "there is a webhook mica already");
        (await stage.RunAsync("webhooks", "test", "mica")).Is(0, "delivered");
        Assert.Contains(stage.Business.Told, t => t.Type == "webhook.test");
        Assert.Equal(0, stage.Business.Forged);
        var attempt = Assert.Single((await stage.RunAsync("webhooks", "attempts", "mica", "--json")).Is(0).Json.GetProperty("items").EnumerateArray());
        (await stage.RunAsync("webhooks", "attempts", "mica")).Is(0, "webhook.test");
        (await stage.RunAsync("deliveries", "show", attempt.GetProperty("id").GetInt64().ToString())).Is(0, "webhook.test");

        (await stage.RunAsync("webhooks", "change", "mica", "--event", "*", "--timeout", "5")).Is(0, "Changed: mica");
        (await stage.RunAsync("webhooks", "show", "mica")).Is(0, "5 s");
        (await stage.RunAsync("webhooks", "change", "mica", "--no-events")).Is(0);
        Assert.Equal(0, (await stage.RunAsync("webhooks", "show", "mica", "--json")).Is(0).Json.GetProperty("events").GetArrayLength());
        var other = stage.Write("other.secret", WebhookSecret.Generate());
        (await stage.RunAsync("webhooks", "rotate", "mica", "--secret-file", other)).Is(0, "the old secret signs as well until");
        (await stage.RunAsync("webhooks", "list")).Is(0, stage.BusinessAddress);
        (await stage.RunAsync("webhooks", "delete", "mica")).Is(0, "Deleted: mica");
        (await stage.RunAsync("webhooks", "show", "mica")).Is(1, "No webhook has this name");

        // What came from outside is printed by nothing, and logged by nobody.
        Assert.DoesNotContain(secret, stage.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(stage.Folder, other), TestContext.Current.CancellationToken), stage.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_the_gateway_made_is_printed_once()
    {
        var added = (await stage.RunAsync("webhooks", "add", "erp", "https://erp.example.com/larkspur", "--event", "payment.decided")).Is(0, "Its secret, shown this once: whsec_");
        var secret = added.Output.Split("shown this once: ")[1].Trim();
        var rotated = (await stage.RunAsync("webhooks", "rotate", "erp", "--json")).Is(0).Json.GetProperty("secret").GetString()!;
        Assert.NotEqual(secret, rotated);
        foreach (var look in (string[][])[["webhooks", "show", "erp", "--json"], ["webhooks", "list", "--json"], ["audit", "list", "--subject", "erp", "--json"], ["webhooks", "change", "erp", "--event", "*", "--json"]])
        {
            var run = (await stage.RunAsync(look)).Is(0);
            Assert.DoesNotContain(secret, run.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(rotated, run.ToString(), StringComparison.Ordinal);
        }

        foreach (var made in (string[])[secret, rotated]) Assert.DoesNotContain(made, stage.Gateway.Logs.Text, StringComparison.Ordinal);
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
    public async Task What_is_refused_has_its_sentence_and_exit_code(int code, string sentence, params string[] arguments)
    {
        stage.Write("weak.secret", "whsec_dG9vIHNob3J0");
        stage.Write("two.secret", "whsec_a\nwhsec_b\n");
        (await stage.RunAsync(["webhooks", .. arguments])).Is(code, sentence);
        Assert.DoesNotContain("dG9vIHNob3J0", stage.Seen, StringComparison.Ordinal);
    }
}

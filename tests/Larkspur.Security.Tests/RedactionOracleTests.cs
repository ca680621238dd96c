using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>What is hidden of a text tells nobody how much of a guess was right, and nobody has others' words hidden.</summary>
public sealed class RedactionOracleTests
{
    private const string Known = "LongAndCutSomewhere0123456789";

    [Fact]
    public void A_right_guess_behind_a_secrets_beginning_is_hidden_like_a_wrong_one()
    {
        var registry = new SecretRegistry();
        registry.Tell("test", [Known]);
        for (var right = 16; right < Known.Length; right++)
        {
            foreach (var tail in (string[])["", "#", "X", "XXXXXXXX", "-_+/=.%~"])
            {
                var (guess, other) = (Known[..right] + tail, Known[..16] + new string('Z', right - 16) + tail);
                Assert.Equal(registry.Hide($"it was {other} then"), registry.Hide($"it was {guess} then"));
            }
        }

        Assert.Equal("it was *** then", registry.Hide($"it was {Known[..20]}QQQQ then"));
    }

    [Fact]
    public async Task A_callers_own_words_are_repeated_whether_they_are_a_secret_or_not()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var key = await gateway.KeyOfAsync("canteen", ["webhooks:write", "notifications:read"]);
        foreach (var guess in (string[])[GatewayApp.ApiKey, GatewayApp.EncryptKey, GatewayApp.ApiKey[..^1] + "X",
            "lk_" + new string('a', 43)])
        {
            var body = new Dictionary<string, string> { ["url"] = "https://erp.example/", [guess] = "x" };
            var refused = await gateway.CallAsync(key, HttpMethod.Put, "/webhooks/ears", body);
            Assert.Equal((400, "unknown_field", "/" + guess), (refused.Status, refused.Error, refused.Text("pointer")));
            Assert.Contains(guess, refused.Text("message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_name_is_not_repeated_to_strangers()
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var answers = new List<string>();
        foreach (var host in (string[])[GatewayApp.ApiKey, GatewayApp.ApiKey[..^1] + "X", GatewayApp.EncryptKey, "rebound.example"])
        {
            foreach (var path in (string[])["/console/login", "/api/v1/status"])
            {
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway.Address };
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Host = host;
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(421, (int)answer.StatusCode);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.DoesNotContain(host, text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(SecretRegistry.Hidden, text, StringComparison.Ordinal);
                answers.Add(path + text);
            }
        }

        Assert.Equal(2, answers.Distinct().Count());
    }

    [Fact]
    public async Task No_word_of_a_webhooks_address_is_blanked_for_others()
    {
        const string Word = "purchase-requisition-approved";
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var canteen = await gateway.KeyOfAsync("canteen", ["webhooks:read", "webhooks:write"]);
        var put = await gateway.CallAsync(canteen, HttpMethod.Put, "/webhooks/ears",
            new { url = $"https://canteen.example/{Word}?by={Word}", events = new[] { "card.action" } });
        Assert.True(put.Status == 201, put.Body.ToString());
        await gateway.KeyOfAsync(Word, ["status:read"]);
        var audit = (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit?limit=100")).Body.GetRawText();
        Assert.Contains(Word, audit, StringComparison.Ordinal);
        var registry = gateway.Services.GetRequiredService<SecretRegistry>();
        Assert.Equal($"about {Word}", registry.Hide($"about {Word}"));
        // Nor the host, which two long addresses have in common.
        const string Host = "finance-payments.example.com";
        foreach (var end in (string[])["a", "b"])
        {
            var changed = await gateway.CallAsync(canteen, HttpMethod.Put, "/webhooks/eyes", new { url = $"https://{Host}/{new string('a', 30)}{end}", events = new[] { "card.action" } });
            Assert.True(changed.Status is 200 or 201, changed.Body.ToString());
        }

        audit = (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit?limit=100")).Body.GetRawText();
        Assert.Equal(2, audit.Split(Host).Length - 1);
        // The address itself is known.
        Assert.DoesNotContain(Word, registry.Hide($"POST https://canteen.example/{Word}?by={Word} failed"), StringComparison.Ordinal);
    }
}

using System.Runtime.CompilerServices;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>The receiver of docs/webhooks.md, as it stands there, takes the gateway's webhooks and refuses others.</summary>
public sealed class ManualTests
{
    [Fact]
    public async Task The_receiver_in_the_manual_works()
    {
        var file = Here();
        var manual = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(file)!, "../../../docs/webhooks.md"), TestContext.Current.CancellationToken);
        var snippet = manual.Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains(Trimmed(snippet), Trimmed(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);

        var secret = WebhookSecret.Generate();
        Environment.SetEnvironmentVariable("LARKSPUR_WEBHOOK_SECRET", secret);
        await using var receiver = Receiver();
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await using var feishu = await FeishuStub.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(feishu.Address, new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:erp:Url"] = receiver.Urls.First() + "/larkspur",
            ["Larkspur:Webhooks:erp:Secret"] = secret,
            ["Larkspur:Webhooks:erp:Events"] = "larkspur.probe_v1",
            ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "true",
        });
        await new FeishuPush().ProbeAsync(gateway, "x");
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 1);
        using var stranger = await new HttpClient().PostAsync(receiver.Urls.First() + "/larkspur", new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)stranger.StatusCode);
    }

    private static WebApplication Receiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();

        var verifier = new WebhookVerifier(Environment.GetEnvironmentVariable("LARKSPUR_WEBHOOK_SECRET")!);

        app.MapPost("/larkspur", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            var headers = request.Headers;
            var verdict = verifier.Verify(headers[WebhookHeaders.Id], headers[WebhookHeaders.Timestamp], headers[WebhookHeaders.Signature], body.ToArray());
            if (verdict != WebhookVerdict.Valid) return Results.Unauthorized();
            // Record headers[WebhookHeaders.Id] together with what you do; a second one of that id has nothing left to do.
            return Results.NoContent();
        });
        return app;
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    private static string Here([CallerFilePath] string file = "") => file;
}

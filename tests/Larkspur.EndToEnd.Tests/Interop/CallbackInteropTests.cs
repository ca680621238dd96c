using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Larkspur.EndToEnd.Tests.Processes;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Larkspur.EndToEnd.Tests.Interop;

/// <summary>The gateway's callbacks judged by the Standard Webhooks library for Node, and that library's signatures judged by our verifier.</summary>
public sealed class CallbackInteropTests
{
    [Fact]
    public async Task The_specifications_own_library_takes_our_callbacks_and_our_verifier_takes_its_signatures()
    {
        var calls = new ConcurrentQueue<object>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var receiver = builder.Build();
        receiver.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            calls.Enqueue(new { headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body = Convert.ToBase64String(body.ToArray()) });
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);

        var (current, previous) = (WebhookSecret.Generate(), WebhookSecret.Generate());
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), new Dictionary<string, string?>
        {
            ["Larkspur:Webhooks:node:Url"] = receiver.Urls.First() + "/callbacks",
            ["Larkspur:Webhooks:node:Secret"] = current,
            ["Larkspur:Webhooks:node:PreviousSecret"] = previous,
            ["Larkspur:Webhooks:node:Events"] = "larkspur.probe_v1",
            ["Larkspur:Webhooks:node:AllowPrivateAddresses"] = "true",
        });
        await emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "feishu", transport = "webhook", callbackUrl = new Uri(gateway.Address, "webhook/feishu"), type = "larkspur.probe_v1", encrypt = true,
            @event = new { note = "官方客户端 +/=" },
        });
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (calls.IsEmpty) await ticks.WaitForNextTickAsync(deadline.Token);

        var (exitCode, output) = await ToolProcess.NodeAsync("standard-webhooks.mjs", new Dictionary<string, string>
        {
            ["CALLBACKS"] = JsonSerializer.Serialize(calls), ["SECRETS"] = JsonSerializer.Serialize(new { current, previous }),
        });
        Assert.True(exitCode == 0 && output.Contains("ok ", StringComparison.Ordinal), output);

        var signed = JsonSerializer.Deserialize<JsonElement>(output.Split('\n').Single(l => l.StartsWith("signed ", StringComparison.Ordinal))["signed ".Length..]);
        string Of(string name) => signed.GetProperty(name).GetString()!;
        Assert.Equal(WebhookVerdict.Valid, new WebhookVerifier(current).Verify(Of("id"), Of("timestamp"), Of("signature"), Encoding.UTF8.GetBytes(Of("body"))));
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>What a company leaves behind on an ordinary day, so that the console's pages have something to show.</summary>
internal static class ConsoleSeed
{
    /// <summary>Everything that the business rooms need is switched on.</summary>
    public static async Task SwitchOnAsync(ConsoleStage stage)
    {
        await stage.Emulator.SetCallbackAsync(new Uri(stage.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        await stage.Gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?>
        {
            [FeishuIntegration.Enabled] = "true", [FeishuIntegration.NotifyOnPr] = "true", [FeishuIntegration.NotifyOnPo] = "true", [FeishuIntegration.PaymentWorkflow] = "true",
            [FeishuIntegration.ApprovalCode] = Larkspur.Emulator.World.SeededCompany.PaymentApprovalCode,
        });
    }

    /// <summary>A requisition that Bob is asked to decide, told to somebody unknown too.</summary>
    /// <returns>The notification's id.</returns>
    public static async Task<string> RequisitionAsync(ConsoleStage stage, string number = "PR-2026-0042") => (await PostAsync(stage, "notifications", new
    {
        @event = "pr.submitted", matter = number, recipients = new[] { new { email = "bob@mica.example" }, new { email = "nobody@mica.example" } },
        variables = new { number, title = "12 laptops for development", amount = new { amount = "98765.40", currency = "CNY" }, supplier = "Northwind", link = "https://erp.example.com/pr/" + number },
    }))["id"]!.GetValue<string>();

    /// <summary>A payment that waits on the platform.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PaymentAsync(ConsoleStage stage, string number = "PAY-2026-0007")
    {
        var id = (await PostAsync(stage, "payments", new
        {
            number, title = "Steel for hall 3", amount = "1200.50", currency = "CNY", payee = "Shenzhen Steel Ltd", submitter = new { user_id = "alice" },
            form = new { payee = "Shenzhen Steel Ltd", amount = 1200.5, method = "transfer" },
        }))["id"]!.GetValue<string>();
        await UntilAsync(async () => (await GetAsync(stage, "payments/" + id))["state"]!.GetValue<string>() == "pending");
        return id;
    }

    public static async Task<JsonNode> GetAsync(ConsoleStage stage, string path)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await stage.Gateway.Http.SendAsync(request);
        return await ReadAsync(response);
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private static async Task<JsonNode> PostAsync(ConsoleStage stage, string path, object body)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body);
        using var response = await stage.Gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await ReadAsync(response);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, new Uri("/api/v1/" + path, UriKind.Relative)) { Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) } };

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>What a company leaves behind on an ordinary day, so that the console's pages have something to show.</summary>
internal static class ConsoleSeed
{
    /// <summary>Everything that the business rooms need is switched on.</summary>
    public static async Task SwitchOnAsync(ConsoleFixture fixture)
    {
        await fixture.Emulator.SetCallbackAsync(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        await fixture.Gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?>
        {
            [FeishuIntegration.Enabled] = "true", [FeishuIntegration.NotifyOnPr] = "true", [FeishuIntegration.NotifyOnPo] = "true", [FeishuIntegration.PaymentWorkflow] = "true",
            [FeishuIntegration.ApprovalCode] = Larkspur.Emulator.State.SeededCompany.PaymentApprovalCode,
        });
    }

    /// <summary>A requisition that Bob is asked to decide, told to somebody unknown too.</summary>
    /// <returns>The notification's id.</returns>
    public static async Task<string> RequisitionAsync(ConsoleFixture fixture, string number = "PR-2026-0042") => (await PostAsync(fixture, "notifications", new
    {
        @event = "pr.submitted", subject = number, recipients = new[] { new { email = "bob@mica.example" }, new { email = "nobody@mica.example" } },
        variables = new { number, title = "12 laptops for development", amount = new { amount = "98765.40", currency = "CNY" }, supplier = "Northwind", link = "https://erp.example.com/pr/" + number },
    }))["id"]!.GetValue<string>();

    /// <summary>A payment that waits on the platform.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PaymentAsync(ConsoleFixture fixture, string number = "PAY-2026-0007")
    {
        var id = (await PostAsync(fixture, "payments", new
        {
            number, title = "Steel for hall 3", amount = "1200.50", currency = "CNY", payee = "Shenzhen Steel Ltd", submitter = new { user_id = "alice" },
            form = new { payee = "Shenzhen Steel Ltd", amount = 1200.5, method = "transfer" },
        }))["id"]!.GetValue<string>();
        await UntilAsync(async () => (await GetAsync(fixture, "payments/" + id))["state"]!.GetValue<string>() == "pending");
        return id;
    }

    /// <summary>Alice, as somebody who has written in Feishu.</summary>
    /// <returns>Her id.</returns>
    public static async Task<string> PersonAsync(ConsoleFixture fixture) => (await fixture.Gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
    {
        Platform = PlatformNames.Feishu, App = FeishuApps.Default, Name = "Alice Chen", VerifiedEmail = "alice@mica.example", IsExternal = false,
        Ids = [new PlatformIdentity(PlatformNames.Feishu, GatewayApp.AppId, "open_id", "ou_alice_of_the_console")],
    }, TestContext.Current.CancellationToken)).Id;

    /// <summary>Feishu's directory, read once.</summary>
    public static async Task DirectoryAsync(ConsoleFixture fixture)
    {
        await SyncAsync(fixture);
        await UntilAsync(async () => (await GetAsync(fixture, "directory/runs"))["items"]![0]!["state"]!.GetValue<string>() == "complete");
    }

    /// <summary>Asks for a run of Feishu's directory.</summary>
    public static Task SyncAsync(ConsoleFixture fixture) => PostAsync(fixture, "directory/sync", new { platform = "feishu" });

    /// <summary>An account of the console beside the first one.</summary>
    public static Task AccountAsync(ConsoleFixture fixture, string name, Role role, string password) =>
        fixture.Gateway.Services.GetRequiredService<AccountStore>().CreateAsync(Actor.System, name, null, role, password,
            TestContext.Current.CancellationToken);

    public static async Task<JsonNode> GetAsync(ConsoleFixture fixture, string path)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await fixture.Gateway.Http.SendAsync(request);
        return await ReadAsync(response);
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private static async Task<JsonNode> PostAsync(ConsoleFixture fixture, string path, object body)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body);
        using var response = await fixture.Gateway.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await ReadAsync(response);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, new Uri("/api/v1/" + path, UriKind.Relative)) { Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) } };

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}

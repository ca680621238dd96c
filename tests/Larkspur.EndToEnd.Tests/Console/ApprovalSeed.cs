using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Approvals that people started, as the pages of approvals show them.</summary>
internal static class ApprovalSeed
{
    private const string Approvals = "/api/v1/approvals/";

    /// <summary>Alice's request to buy things, with a table in its form, which Bob has agreed to once with a word.</summary>
    /// <returns>The instance's code.</returns>
    public static async Task<string> PurchaseAsync(ConsoleFixture fixture)
    {
        var instance = await StartAsync(fixture, "Laptops for hall 3");
        var seen = await SendAsync(fixture, HttpMethod.Get, "instances/" + instance);
        await SendAsync(fixture, HttpMethod.Post, $"tasks/{seen["task_list"]![0]!["id"]}/approve",
            new { instance, user = new { user_id = "bob" }, comment = "cheap enough" });
        await SendAsync(fixture, HttpMethod.Post, $"instances/{instance}/comments",
            new { user = new { user_id = "alice" }, text = "please hurry" });
        return instance;
    }

    /// <summary>Alice's request, about which nobody has done anything.</summary>
    /// <returns>The instance's code.</returns>
    public static async Task<string> StartAsync(ConsoleFixture fixture, string subject) =>
        (await SendAsync(fixture, HttpMethod.Post, "instances", new
        {
            approval_code = SeededCompany.PurchaseApprovalCode, submitter = new { user_id = "alice" },
            approvers = new[] { new { node = "chosen", user_id = "bob" } },
            form = new
            {
                subject, needed = new[] { "invoice", "contract" },
                items = new object[] { new { article = "Laptop", pieces = 12 }, new { article = "Docking station", pieces = 1200 } },
            },
        }))["instance_code"]!.GetValue<string>();

    /// <summary>Has the events of purchases sent, so that their form is one that is known.</summary>
    public static Task SubscribeAsync(ConsoleFixture fixture) =>
        SendAsync(fixture, HttpMethod.Put, SeededCompany.PurchaseApprovalCode + "/subscription");

    /// <summary>An instance as REST answers it.</summary>
    public static Task<JsonNode> InstanceAsync(ConsoleFixture fixture, string instance) =>
        SendAsync(fixture, HttpMethod.Get, "instances/" + instance);

    private static async Task<JsonNode> SendAsync(ConsoleFixture fixture, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Approvals + path, UriKind.Relative))
        {
            Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) }, Content = body is null ? null : JsonContent.Create(body),
        };
        var cancellation = TestContext.Current.CancellationToken;
        using var response = await fixture.Gateway.Http.SendAsync(request, cancellation);
        var said = await response.Content.ReadAsStringAsync(cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {said}");
        return JsonNode.Parse(said)!;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Gateway.Tests.Doctor;

/// <summary>A gateway beside the emulated platform, set up as it should be: notifications and payments on, exactly the scopes that they need. Tests plant one fault each.</summary>
public sealed class DoctorFixture : EmulatedGateway
{
    /// <summary>What this product runs on.</summary>
    public static readonly string[] Needed = ["approval:approval:readonly", "approval:instance", "contact:user.id:readonly", "im:message:send_as_bot"];

    private DoctorFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running) : base(setup, running)
    {
    }

    /// <summary>Of the console's first account, which a fixture in order has.</summary>
    public const string AdminPassword = "correct-horse-battery";

    /// <param name="settings">Other settings of the gateway.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="scopes">Granted besides the needed ones.</param>
    public static Task<DoctorFixture> StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null,
        params string[] scopes) =>
        StartAsync(settings, clock, null, s => s, scopes);

    /// <param name="settings">Other settings of the gateway.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="configure">Changes to the gateway's host; null: none.</param>
    /// <param name="app">What is different about the app.</param>
    /// <param name="scopes">Granted besides the needed ones.</param>
    public static async Task<DoctorFixture> StartAsync(Dictionary<string, string?>? settings, TimeProvider? clock,
        Action<WebApplicationBuilder>? configure,
        Func<BotApp, BotApp> app, params string[] scopes)
    {
        settings ??= [];
        settings.TryAdd("LARKSPUR_ADMIN_PASSWORD", AdminPassword);
        var setup = new EmulatedGatewaySetup
        {
            Platform = s => s with { Apps = [app(EmulatorApp.DefaultApp with { GrantedScopes = [.. Needed, .. scopes] })] },
            Settings = _ => settings, Clock = clock, Listens = false, Configure = configure,
        };
        var fixture = new DoctorFixture(setup, await setup.StartAsync());
        await fixture.SetAsync(
            (FeishuIntegration.Enabled, "true"), (FeishuIntegration.NotifyOnPr, "true"), (FeishuIntegration.PaymentWorkflow, "true"),
            (FeishuIntegration.ApprovalCode, SeededCompany.PaymentApprovalCode), (FeishuIntegration.CallbackDomain, fixture.Gateway.Address.GetLeftPart(UriPartial.Authority)));
        await fixture.Emulator.ListensAsync(fixture.Gateway, verify: false);
        return fixture;
    }

    public Task ScopesAsync(object change) => Emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes", change);

    public Task VersionAsync(object action) => Emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/versions", action);

    public async Task<JsonElement> PostAsync(string path, object? body = null, int status = 200)
    {
        using HttpContent? content = body switch
        {
            null => null,
            string text => new StringContent(text, System.Text.Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        using var answer = await Gateway.Http.PostAsync(new Uri("/api/v1/" + path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var read = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {read}");
        return JsonSerializer.Deserialize<JsonElement>(read);
    }

    /// <summary>The whole report.</summary>
    public Task<JsonElement> RunAsync() => PostAsync("doctor/run");

    /// <summary>One check's result.</summary>
    public async Task<JsonElement> CheckAsync(string id) => (await PostAsync("doctor/run", new { checks = new[] { id } })).GetProperty("checks")[0];

    /// <summary>Runs everything: this check complains so, with a fix in both languages, and no check fails by itself.</summary>
    public async Task<JsonElement> FindsAsync(string id, string status = "failed", string? words = null)
    {
        var report = await RunAsync();
        var check = Of(report, id);
        Complains(check, status, words);
        Assert.DoesNotContain("The check itself failed", report.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.AppSecret, report.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.EncryptKey, report.ToString(), StringComparison.Ordinal);
        return check;
    }

    /// <summary>Waits until the check says so: what it judges by comes in on its own time.</summary>
    public async Task<JsonElement> FindsSoonAsync(string id, string status, string? words = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var last = default(JsonElement);
        try
        {
            do
            {
                last = await CheckAsync(id);
                if (last.GetProperty("status").GetString() != status) continue;
                Complains(last, status, words);
                return last;
            }
            while (await ticks.WaitForNextTickAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{id} never became {status}: {last}");
        }

        return last;
    }

    public static JsonElement Of(JsonElement report, string id) => report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);

    public static string[] Names(JsonElement check, string member) => [.. check.GetProperty("detail").GetProperty(member).EnumerateArray().Select(n => n.GetString()!)];

    private static void Complains(JsonElement check, string status, string? words)
    {
        Assert.True(check.GetProperty("status").GetString() == status, check.ToString());
        foreach (var text in (string[])["finding", "fix"])
        {
            if (text == "fix" && status is "ok" or "skipped") continue;
            Assert.NotEqual("", check.GetProperty(text).GetProperty("zh").GetString());
            Assert.NotEqual("", check.GetProperty(text).GetProperty("en").GetString());
        }

        if (words is not null) Assert.Contains(words, check.GetProperty("finding").GetProperty("en").GetString(), StringComparison.Ordinal);
    }
}

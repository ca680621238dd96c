using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Console.Pages.Keys;
using Larkspur.Gateway.Console.Pages.Settings;
using Larkspur.Gateway.Console.Pages.Webhooks;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Security.Tests;

/// <summary>Whoever sits down at an open console does nothing with keys, webhooks and secrets without the password.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ConfirmedActionTests
{
    private const string Confirm = "Confirm that it is you";
    private static readonly Dictionary<string, string?> NoApp = new()
    {
        ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null,
        ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
    };

    [Fact]
    public async Task A_key_is_not_revoked()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var (_, id) = await stand.Gateway.MakeKeyAsync("erp", ["status:read"]);
        await using var circuit = await ConsoleCircuit.OpenAsync<KeysPage>(stand);
        var click = circuit.ClickAsync("Revoke");
        await circuit.AnswerAsync("Revoke", true);
        await circuit.AnswerAsync(Confirm, false);
        await click;
        Assert.Null((await stand.Of<ApiKeys>().FindAsync(id, TestContext.Current.CancellationToken))!.RevokedAt);
    }

    [Fact]
    public async Task A_webhook_is_not_deleted_and_none_that_was_gone_is_sent_to_again()
    {
        await using var stand = await ConsoleStand.StartAsync();
        var put = await stand.Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/webhooks/erp",
            new { url = "https://erp.example/hook" });
        Assert.Equal(201, put.Status);
        var stored = stand.Of<WebhookEndpointStore>();
        await stored.GoneAsync(stand.Of<WebhookEndpointRegistry>().Find("erp")!, TestContext.Current.CancellationToken);
        await using var circuit = await ConsoleCircuit.OpenAsync<WebhooksPage>(stand);
        var click = circuit.ClickAsync("Delete");
        await circuit.AnswerAsync("Delete", true);
        await circuit.AnswerAsync(Confirm, false);
        await click;
        var again = circuit.ClickAsync("Enable again");
        await circuit.AnswerAsync(Confirm, false);
        await again;
        Assert.NotNull(stored.Find("erp")!.GoneAt);
    }

    [Fact]
    public async Task What_is_entered_after_it_was_decided_whether_to_ask_is_not_saved()
    {
        await using var stand = await ConsoleStand.StartAsync(NoApp);
        var settings = stand.Of<ISettings>();
        var flag = settings.Now.All.First(v => v.Definition.Key == FeishuIntegration.NotifyOnPr);
        var secret = settings.Now.All.First(v => v.Definition.Kind == SettingKind.Secret && v.Source != SettingSource.Environment);
        await using var circuit = await ConsoleCircuit.OpenAsync<SettingsForm>(stand, new()
        {
            ["Title"] = "Feishu", ["Settings"] = new[] { flag.Definition, secret.Definition },
        });
        await circuit.ChangeAsync(Id(flag), flag.Text != "true");
        circuit.Hold();
        var save = circuit.SubmitAsync();
        await circuit.ChangeAsync(Id(secret), "a-secret-of-the-attacker");
        await circuit.ReleaseAsync();
        await save;
        Assert.NotEqual(flag.Text, settings.Now[flag.Definition.Key].Text);
        Assert.Equal("", settings.Now[secret.Definition.Key].Text);

        // It is entered still, and saving it asks.
        var again = circuit.SubmitAsync();
        await circuit.AnswerAsync(Confirm, false);
        await again;
        Assert.Equal("", settings.Now[secret.Definition.Key].Text);
    }

    private static string Id(SettingValue value) => "s-" + value.Definition.Key.Replace('.', '-');
}

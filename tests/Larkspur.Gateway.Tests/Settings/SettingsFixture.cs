using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>Gateways whose Feishu app does not stand in the environment: administrators set it while they run.</summary>
internal static class SettingsFixture
{
    public static readonly Actor Anna = Actor.Console("anna", "192.0.2.7");

    /// <summary>No default app in the environment.</summary>
    public static Dictionary<string, string?> NoApp => new()
    {
        ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
    };

    /// <summary>The emulator's default app, switched on.</summary>
    public static Dictionary<string, string?> App => new()
    {
        [FeishuIntegration.Enabled] = "true", [FeishuIntegration.AppId] = GatewayApp.AppId, [FeishuIntegration.AppSecret] = GatewayApp.AppSecret,
        [FeishuIntegration.EncryptKey] = GatewayApp.EncryptKey, [FeishuIntegration.VerificationToken] = GatewayApp.VerificationToken,
    };

    public static ISettings Settings(this GatewayApp gateway) => gateway.Services.GetRequiredService<ISettings>();

    public static Task<SettingsState> SetAsync(this GatewayApp gateway, string key, string? value) => gateway.SetAsync(new Dictionary<string, string?> { [key] = value });

    public static Task<SettingsState> SetAsync(this GatewayApp gateway, IReadOnlyDictionary<string, string?> values) => gateway.Settings().ChangeAsync(Anna, values);
}

using Larkspur.Feishu;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The Feishu app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts and rates; they hold for the stored app too.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredFeishuApp(FeishuApps apps, FeishuAppFactory factory, FeishuOptions hosts, ILogger<StoredFeishuApp> logger)
    : StoredApp<FeishuApp>(apps, FeishuIntegration.Setup, logger)
{
    protected override string? IdOf(SettingsState settings) => settings.Text(FeishuIntegration.AppId);

    protected override FeishuApp Create(string name, SettingsState settings)
    {
        var options = new FeishuOptions
        {
            AppId = IdOf(settings)!,
            AppSecret = settings.Text(FeishuIntegration.AppSecret)!,
            EncryptKey = settings.Text(FeishuIntegration.EncryptKey),
            VerificationToken = settings.Text(FeishuIntegration.VerificationToken),
            Brand = settings.Text(FeishuIntegration.Brand) == FeishuIntegration.Lark ? FeishuBrand.Lark : FeishuBrand.Feishu,
            BaseUrl = hosts.BaseUrl,
            AccountsUrl = hosts.AccountsUrl,
            RateFactor = hosts.RateFactor,
            MinuteRateFactor = hosts.MinuteRateFactor,
        };
        return factory.Create(name, options, FeishuIntegration.IsLongConnection(settings) ? EventMode.LongConnection : EventMode.Webhook);
    }
}

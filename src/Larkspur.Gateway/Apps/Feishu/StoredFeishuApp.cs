using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The Feishu app that administrators set at run time.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts and rates; they hold for the stored app too.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredFeishuApp(FeishuApps apps, FeishuAppFactory factory, FeishuOptions hosts, ILogger<StoredFeishuApp> logger)
    : StoredApp<FeishuApp>(apps, logger)
{
    protected override string Enabled => FeishuIntegration.Enabled;

    protected override IReadOnlyList<string> Keys { get; } =
    [
        FeishuIntegration.AppId, FeishuIntegration.AppSecret, FeishuIntegration.EncryptKey, FeishuIntegration.VerificationToken,
        FeishuIntegration.EventMode, FeishuIntegration.Brand,
    ];

    protected override string? IdOf(SettingsState settings) => settings.Text(FeishuIntegration.AppId);

    protected override LocalText? ProblemOf(SettingsState settings)
    {
        if ((Missing(settings, [FeishuIntegration.AppId, FeishuIntegration.AppSecret])
            ?? Elsewhere(settings)) is { } problem) return problem;
        return IsLongConnection(settings) || settings.Text(FeishuIntegration.EncryptKey) is not null
            || settings.Text(FeishuIntegration.VerificationToken) is not null
                ? null
                : new("使用 Webhook 接收事件时，Encrypt Key 与 Verification Token 至少填写一项",
                    "To receive events by webhook set the Encrypt Key or the Verification Token, "
                    + "else nobody can tell Feishu's events from forged ones");
    }

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
        return factory.Create(name, options, IsLongConnection(settings) ? EventMode.LongConnection : EventMode.Webhook);
    }

    private static bool IsLongConnection(SettingsState settings) =>
        settings.Text(FeishuIntegration.EventMode) == FeishuIntegration.LongConnection;
}

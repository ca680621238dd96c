using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Keeps the app <c>default</c> as the settings want it: connected once it is switched on and complete, another one when its settings change, away when it is switched off.</summary>
/// <param name="apps">Where it is put.</param>
/// <param name="factory">Makes it.</param>
/// <param name="hosts">What the environment says of hosts and rates; they hold for the stored app too.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed class StoredFeishuApp(FeishuApps apps, FeishuAppFactory factory, FeishuOptions hosts, ILogger<StoredFeishuApp> logger)
{
    private readonly Lock _gate = new();
    private Wanted? _wanted;
    private long _version = -1;

    /// <summary>From now on.</summary>
    public void Follow(ISettings settings)
    {
        settings.OnChange(Follow);
        Follow(settings.Now);
    }

    private void Follow(SettingsState settings)
    {
        lock (_gate)
        {
            // The state of the moment and a change of it may arrive in either order.
            if (settings.Version < _version) return;
            _version = settings.Version;
            var wanted = Wanted.Of(settings);
            if (_wanted is { } before && before.IsSame(wanted)) return;
            _wanted = wanted;
            Put(wanted);
        }
    }

    private void Put(Wanted wanted)
    {
        var state = new FeishuAppState(FeishuApps.Default, FeishuAppCondition.Connected, null) { AppId = wanted.AppId, IsStored = true };
        if (!wanted.IsOn)
        {
            apps.Put(state with { Condition = FeishuAppCondition.Off, Reason = FeishuAppTexts.FeishuIntegrationIsNot }, null);
            logger.LogInformation("Feishu app {App} is off", state.Name);
        }
        else if (ProblemOf(wanted) is { } problem)
        {
            apps.Put(state with { Condition = FeishuAppCondition.Incomplete, Reason = problem }, null);
            logger.LogWarning("Feishu app {App} is switched on and cannot be connected: {Reason}", state.Name, problem.English);
        }
        else
        {
            Connect(wanted, state);
        }
    }

    private void Connect(Wanted wanted, FeishuAppState state)
    {
        try
        {
            apps.Put(state, factory.Create(state.Name, OptionsOf(wanted), wanted.IsLongConnection ? EventMode.LongConnection : EventMode.Webhook));
            logger.LogInformation("Feishu app {App} ({AppId}) is connected; its events come by {Mode}", state.Name, wanted.AppId, wanted.IsLongConnection ? "long connection" : "webhook");
        }
        catch (ArgumentException e)
        {
            apps.Put(state with { Condition = FeishuAppCondition.Incomplete, Reason = FeishuAppTexts.AppSettingsDoNotFit(e.Message) }, null);
            logger.LogWarning("Feishu app {App} is switched on and cannot be connected: {Reason}", state.Name, e.Message);
        }
    }

    private LocalText? ProblemOf(Wanted wanted)
    {
        if (wanted.Unreadable is { } key) return FeishuAppTexts.CannotBeDecryptedSetItAgain(key);
        if (wanted.AppId is null) return FeishuAppTexts.AppIDIsMissing;
        if (wanted.AppSecret is null) return FeishuAppTexts.AppSecretIsMissing;
        if (apps.ConfiguredAs(wanted.AppId) is { } name) return FeishuAppTexts.ThisAppIDIsConfiguredAs(name);
        if (!wanted.IsLongConnection && wanted.EncryptKey is null && wanted.VerificationToken is null)
            return FeishuAppTexts.ToReceiveEventsByWebhookSet;
        return null;
    }

    private FeishuOptions OptionsOf(Wanted wanted) => new()
    {
        AppId = wanted.AppId!,
        AppSecret = wanted.AppSecret!,
        EncryptKey = wanted.EncryptKey,
        VerificationToken = wanted.VerificationToken,
        Brand = wanted.IsLark ? FeishuBrand.Lark : FeishuBrand.Feishu,
        BaseUrl = hosts.BaseUrl,
        AccountsUrl = hosts.AccountsUrl,
        RateFactor = hosts.RateFactor,
        MinuteRateFactor = hosts.MinuteRateFactor,
    };

    /// <summary>The settings that make the app. Not a record: its text would show secrets.</summary>
    private sealed class Wanted
    {
        public bool IsOn { get; private init; }

        public string? AppId { get; private init; }

        public string? AppSecret { get; private init; }

        public string? EncryptKey { get; private init; }

        public string? VerificationToken { get; private init; }

        public bool IsLongConnection { get; private init; }

        public bool IsLark { get; private init; }

        /// <summary>A secret that cannot be decrypted.</summary>
        public string? Unreadable { get; private init; }

        public static Wanted Of(SettingsState settings) => new()
        {
            IsOn = settings.IsOn(FeishuIntegration.Enabled),
            AppId = settings.Text(FeishuIntegration.AppId),
            AppSecret = settings.Text(FeishuIntegration.AppSecret),
            EncryptKey = settings.Text(FeishuIntegration.EncryptKey),
            VerificationToken = settings.Text(FeishuIntegration.VerificationToken),
            IsLongConnection = settings.Text(FeishuIntegration.EventMode) == FeishuIntegration.LongConnection,
            IsLark = settings.Text(FeishuIntegration.Brand) == FeishuIntegration.Lark,
            Unreadable = Array.Find([FeishuIntegration.AppSecret, FeishuIntegration.EncryptKey, FeishuIntegration.VerificationToken], key => settings[key].IsUnreadable),
        };

        public bool IsSame(Wanted other) => IsOn == other.IsOn && AppId == other.AppId && AppSecret == other.AppSecret && EncryptKey == other.EncryptKey
            && VerificationToken == other.VerificationToken && IsLongConnection == other.IsLongConnection && IsLark == other.IsLark && Unreadable == other.Unreadable;
    }
}

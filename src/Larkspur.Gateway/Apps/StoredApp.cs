using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps;

/// <summary>
/// Keeps a platform's app <c>default</c> as the settings want it: connected once it is switched on and complete, another one when its
/// settings change,
/// away when it is switched off.
/// </summary>
/// <param name="apps">Where it is put.</param>
/// <param name="setup">The settings that make it; when one of them changes, it is another app.</param>
/// <param name="logger">Is told of each change.</param>
internal abstract partial class StoredApp<TApp>(PlatformApps<TApp> apps, AppSetup setup, ILogger logger) where TApp : class, IPlatformApp
{
    private readonly Lock _gate = new();
    private (string Text, bool IsUnreadable)[]? _made;
    private long _version = -1;

    /// <summary>From now on.</summary>
    public void Follow(ISettings settings)
    {
        settings.OnChange(Follow);
        Follow(settings.Now);
    }

    /// <summary>What the platform knows it by; null: nobody has entered it.</summary>
    protected abstract string? IdOf(SettingsState settings);

    /// <exception cref="ArgumentException">The settings do not fit after all; the message shows no secret.</exception>
    protected abstract TApp Create(string name, SettingsState settings);

    private void Follow(SettingsState settings)
    {
        lock (_gate)
        {
            // The state of the moment and a change of it may arrive in either order.
            if (settings.Version < _version) return;
            _version = settings.Version;
            var wanted = setup.Keys.Prepend(setup.Enabled).Select(key => (settings[key].Text, settings[key].IsUnreadable)).ToArray();
            if (_made is { } before && before.SequenceEqual(wanted)) return;
            _made = wanted;
            Put(settings);
        }
    }

    private void Put(SettingsState settings)
    {
        var state = new AppState(AppNames.Default, AppCondition.Connected, null) { AppId = IdOf(settings), IsStored = true };
        if (!settings.IsOn(setup.Enabled))
        {
            apps.Put(state with { Condition = AppCondition.Off,
                Reason = AppsTexts.IsNotSwitchedOn(settings[setup.Enabled].Definition.Title) }, null);
            IsOff(logger, apps.Label, state.Name);
            return;
        }

        var problem = ProblemOf(settings);
        try
        {
            if (problem is null) apps.Put(state, Create(state.Name, settings));
        }
        catch (ArgumentException e)
        {
            problem = AppsTexts.AppSettingsDoNotFit(e.Message);
        }

        if (problem is null)
        {
            IsConnected(logger, apps.Label, state.Name, state.AppId);
            return;
        }

        apps.Put(state with { Condition = AppCondition.Incomplete, Reason = problem }, null);
        CannotConnect(logger, apps.Label, state.Name, problem.English);
    }

    /// <summary>The configuration has this app already; under which name, or null.</summary>
    protected virtual string? ConfiguredAs(SettingsState settings) => IdOf(settings) is { } id ? apps.ConfiguredAs(id) : null;

    private LocalText? ProblemOf(SettingsState settings)
    {
        if (setup.Keys.FirstOrDefault(key => settings[key].IsUnreadable) is { } unreadable)
            return AppsTexts.CannotBeDecryptedSetItAgain(unreadable);
        if (setup.Missing(settings) is { Count: > 0 } missing)
            return AppsTexts.Missing(LocalText.List(missing.Select(key => settings[key].Definition.Title)));
        return ConfiguredAs(settings) is { } name ? AppsTexts.ThisAppIsConfiguredAsAlready(name) : null;
    }

    [LoggerMessage(LogLevel.Information, "{Platform} app {App} is off")]
    private static partial void IsOff(ILogger logger, string platform, string app);

    [LoggerMessage(LogLevel.Information, "{Platform} app {App} ({AppId}) is connected")]
    private static partial void IsConnected(ILogger logger, string platform, string app, string? appId);

    [LoggerMessage(LogLevel.Warning, "{Platform} app {App} is switched on and cannot be connected: {Reason}")]
    private static partial void CannotConnect(ILogger logger, string platform, string app, string reason);
}

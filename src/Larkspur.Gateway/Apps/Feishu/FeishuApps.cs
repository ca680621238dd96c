using System.Diagnostics.CodeAnalysis;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>The Feishu apps of this moment: those of the environment and the configuration, and <c>default</c> from the settings when nobody else names it.</summary>
/// <remarks>
/// An app whose settings change is another object: what is under way ends with the old one, what begins takes the new one. So ask for it when it is needed, and keep
/// it for one piece of work at most; what lives longer follows <see cref="OnChange"/>.
/// </remarks>
internal sealed class FeishuApps
{
    public const string Default = AppNames.Default;

    /// <summary>What waits for an app that is away looks again this often; memory alone is asked.</summary>
    public static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(2);

    private readonly FeishuApp[] _configured;
    private readonly Lock _gate = new();
    private readonly List<Action> _listeners = [];
    private volatile Known _known;

    public FeishuApps(IEnumerable<FeishuApp> configured)
    {
        _configured = [.. configured];
        _known = new Known(_configured.ToDictionary(a => a.Name, StringComparer.Ordinal), null);
    }

    /// <summary>Those that are connected.</summary>
    public IReadOnlyCollection<FeishuApp> All => _known.Apps.Values;

    /// <summary>How each app stands, by name, also one that the settings know and that is off or incomplete.</summary>
    public IReadOnlyList<FeishuAppState> States
    {
        get
        {
            var known = _known;
            var states = _configured.Select(a => new FeishuAppState(a.Name, FeishuAppCondition.Connected, null) { AppId = a.Client.Options.AppId });
            return [.. (known.Stored is { } stored ? states.Append(stored) : states).OrderBy(s => s.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Calls after an app came, went or was replaced; must be quick.</summary>
    public IDisposable OnChange(Action changed)
    {
        lock (_gate) _listeners.Add(changed);
        return new Listening(this, changed);
    }

    public bool TryGet(string name, [NotNullWhen(true)] out FeishuApp? app) => _known.Apps.TryGetValue(name, out app);

    /// <summary>Why an app that the settings know cannot be used now; null: it can, or nobody knows it.</summary>
    public FeishuAppState? Away(string name) => _known.Stored is { Condition: not FeishuAppCondition.Connected } state && state.Name == name ? state : null;

    /// <exception cref="ChannelException">The app is not configured (any more), or is away.</exception>
    public FeishuApp Get(string name)
    {
        var known = _known;
        if (known.Apps.TryGetValue(name, out var app)) return app;
        if (known.Stored is { } stored && stored.Name == name)
            throw new ChannelException("app_" + stored.Word, $"The Feishu app \"{name}\" is away: {stored.Reason?.English}", transient: true) { NotTried = true, RetryAfter = AwayPause };
        throw new ChannelException("app_not_configured", $"The Feishu app \"{name}\" is not configured.", transient: false);
    }

    /// <summary>Is the app with this id one of the configuration's? Its name, or null.</summary>
    public string? ConfiguredAs(string appId) => Array.Find(_configured, a => a.Client.Options.AppId == appId)?.Name;

    /// <summary>The settings' app, as it is from now on.</summary>
    /// <param name="state">How it stands.</param>
    /// <param name="app">The app when it is connected.</param>
    public void Put(FeishuAppState state, FeishuApp? app)
    {
        var apps = _configured.ToDictionary(a => a.Name, StringComparer.Ordinal);
        if (app is not null) apps.Add(app.Name, app);
        Action[] listeners;
        lock (_gate)
        {
            _known = new Known(apps, state);
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners) listener();
    }

    private sealed record Known(Dictionary<string, FeishuApp> Apps, FeishuAppState? Stored);

    private sealed class Listening(FeishuApps owner, Action listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate) owner._listeners.Remove(listener);
        }
    }
}

/// <summary>How an app stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Condition">Whether it can be used.</param>
/// <param name="Reason">Why it cannot, for administrators; null when it can.</param>
internal sealed record FeishuAppState(string Name, FeishuAppCondition Condition, LocalText? Reason)
{
    /// <summary>The app id, when one is known.</summary>
    public string? AppId { get; init; }

    /// <summary>It comes from the settings and changes with them.</summary>
    public bool IsStored { get; init; }

    /// <summary>The condition for programs.</summary>
    public string Word => Condition.ToString().ToLowerInvariant();
}

/// <summary>Whether an app can be used.</summary>
internal enum FeishuAppCondition
{
    /// <summary>It receives and sends.</summary>
    Connected,

    /// <summary>An administrator has not switched it on.</summary>
    Off,

    /// <summary>It is switched on, and something is missing or wrong.</summary>
    Incomplete,
}

using System.Diagnostics.CodeAnalysis;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Apps;

/// <summary>
/// A platform's apps of this moment: those of the environment and the configuration, and <c>default</c> from the settings of run time when
/// nobody else
/// names it.
/// </summary>
/// <remarks>
/// An app whose settings change is another object: what is under way ends with the old one, what begins takes the new one. So ask for it
/// when it is
/// needed, and keep it for one piece of work at most; what lives longer follows <see cref="OnChange"/>.
/// </remarks>
/// <param name="platform">The platform, as rows and REST know it.</param>
/// <param name="label">The platform's name in messages.</param>
/// <param name="configured">Those of the environment and the configuration.</param>
internal abstract class PlatformApps<TApp>(string platform, string label, IEnumerable<TApp> configured) : IAppStates where TApp
    : class, IPlatformApp
{
    public const string Default = AppNames.Default;

    /// <summary>What waits for an app that is away looks again this often; memory alone is asked.</summary>
    public static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<Action> _listeners = [];
    private volatile Known _known = Known.Of([.. configured]);

    /// <summary>The platform's name in messages.</summary>
    public string Label => label;

    string IAppStates.Platform => platform;

    /// <summary>Those that are connected.</summary>
    public IReadOnlyCollection<TApp> All => _known.Apps.Values;

    /// <inheritdoc/>
    public IReadOnlyList<AppState> States
    {
        get
        {
            var known = _known;
            var states = known.Configured.Select(a => new AppState(a.Name, AppCondition.Connected, null) { AppId = a.PlatformId });
            return [.. (known.Stored is { } stored ? states.Append(stored) : states).OrderBy(s => s.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Calls after an app came, went or was replaced; must be quick.</summary>
    public IDisposable OnChange(Action changed)
    {
        lock (_gate) _listeners.Add(changed);
        return new Listening(this, changed);
    }

    public bool TryGet(string name, [NotNullWhen(true)] out TApp? app) => _known.Apps.TryGetValue(name, out app);

    /// <summary>Why an app that the settings know cannot be used now; null: it can, or nobody knows it.</summary>
    public AppState? Away(string name) => _known.Stored is { Condition: not AppCondition.Connected } state && state.Name == name ? state
        : null;

    /// <exception cref="ChannelException">The app is not configured (any more), or is away.</exception>
    public TApp Get(string name)
    {
        var known = _known;
        if (known.Apps.TryGetValue(name, out var app)) return app;
        if (known.Stored is { } stored && stored.Name == name)
        {
            throw new ChannelException("app_" + stored.Word, $"The {label} app \"{name}\" is away: {stored.Reason?.English}",
                transient: true)
            {
                NotTried = true, RetryAfter = AwayPause,
            };
        }

        throw new ChannelException("app_not_configured", $"The {label} app \"{name}\" is not configured.", transient: false);
    }

    /// <summary>Is the app with this id one of the configuration's? Its name, or null.</summary>
    public string? ConfiguredAs(string id) => Array.Find(_known.Configured, a => a.PlatformId == id)?.Name;

    /// <summary>The settings' app, as it is from now on.</summary>
    /// <param name="state">How it stands.</param>
    /// <param name="app">The app when it is connected.</param>
    public void Put(AppState state, TApp? app)
    {
        Action[] listeners;
        lock (_gate)
        {
            _known = _known.With(state, app);
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners) listener();
    }

    private sealed record Known(TApp[] Configured, Dictionary<string, TApp> Apps, AppState? Stored)
    {
        public static Known Of(TApp[] configured) => new(configured, configured.ToDictionary(a => a.Name, StringComparer.Ordinal), null);

        public Known With(AppState stored, TApp? app) => Of(app is null ? Configured
            : [.. Configured, app]) with { Configured = Configured, Stored = stored };
    }

    private sealed class Listening(PlatformApps<TApp> owner, Action listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate) owner._listeners.Remove(listener);
        }
    }
}

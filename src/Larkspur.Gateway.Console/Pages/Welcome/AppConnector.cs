using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.CheckUps;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Doctor.Trials;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>
/// Connects a platform's app with what was entered: tries the credentials, switches the integration on, and waits for the connection. What
/// does not work is put back as it was.
/// </summary>
internal sealed class AppConnector(
    ISettings settings, IEnumerable<AppSetup> setups, IEnumerable<IAppStates> apps, IEnumerable<IConnectionTrial> trials,
    IEnumerable<IConnectionSource> connections, LongConnections feishu, AuditTrail audit, TimeProvider clock)
{
    /// <summary>A connection that is not there by then is not made while somebody waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>The platforms whose apps can be entered, in the order in which they are shown.</summary>
    public IReadOnlyList<AppSetup> Setups { get; } = [.. setups];

    /// <summary>How the platform's default app stands; null: nobody has entered one.</summary>
    public AppState? StateOf(string platform) =>
        apps.First(a => a.Platform == platform).States.FirstOrDefault(s => s.Name == AppNames.Default);

    /// <summary>The platforms whose default app is connected.</summary>
    public IReadOnlyList<AppSetup> Connected => [.. Setups.Where(s => StateOf(s.Platform) is { Condition: AppCondition.Connected })];

    /// <summary>Connects the app with what was entered; nothing of it is kept when it does not work.</summary>
    /// <param name="who">Who connects it.</param>
    /// <param name="setup">The platform.</param>
    /// <param name="entered">Settings that are to change; what has to have a value has one with them.</param>
    /// <param name="cancellation">Ends the trying. Once settings were changed they are put back, or stay, whoever still waits.</param>
    /// <exception cref="ActionRefusedException">The doctor is busy, or the values do not fit.</exception>
    public async Task<ConnectOutcome> ConnectAsync(
        Actor who, AppSetup setup, IReadOnlyDictionary<string, string> entered, CancellationToken cancellation)
    {
        await audit.AddAsync(who, "connection.tested", setup.Platform, cancellation: cancellation);
        // An app that works goes on with what it has while other values are tried.
        var worked = StateOf(setup.Platform) is { Condition: AppCondition.Connected };
        var trial = await TryAsync(setup, settings.Now.With(entered), cancellation);
        if (!WelcomeTexts.Works(trial)) return new ConnectOutcome(false, null, trial) { GoesOn = worked };
        var before = settings.Now;
        var wanted = entered.ToDictionary(e => e.Key, e => (string?)e.Value, StringComparer.Ordinal);
        if (before[setup.Enabled] is { Text: not "true", Source: not SettingSource.Environment }) wanted[setup.Enabled] = "true";
        if (wanted.Count > 0) await settings.ChangeAsync(who, wanted, cancellation);
        var isConnected = false;
        try
        {
            var problem = StateOf(setup.Platform) is { Condition: not AppCondition.Connected, Reason: { } reason }
                ? reason
                : await ConnectionProblemAsync(setup.Platform, cancellation);
            isConnected = problem is null;
            return new ConnectOutcome(isConnected, problem, trial) { GoesOn = worked };
        }
        finally
        {
            // Messages that wait for the app wait on, rather than being tried with what does not work; also when the page is gone.
            if (!isConnected && wanted.Count > 0)
                await settings.ChangeAsync(who, wanted.ToDictionary(w => w.Key, w => Stored(before[w.Key]), StringComparer.Ordinal),
                    CancellationToken.None);
        }
    }

    /// <summary>A value as it was; null: nobody had set it.</summary>
    private static string? Stored(SettingValue value) => value.Source == SettingSource.Stored ? value.Text : null;

    private async Task<CheckUp> TryAsync(AppSetup setup, SettingsState state, CancellationToken cancellation)
    {
        try
        {
            return new CheckUp(await trials.First(t => t.Platform == setup.Platform).RunAsync(state, cancellation));
        }
        catch (DoctorBusyException)
        {
            throw new ActionRefusedException(CheckUpTexts.Busy);
        }
        catch (ArgumentException e)
        {
            throw new ActionRefusedException(WelcomeTexts.DoesNotFit(e.Message));
        }
    }

    /// <summary>Why the app's long connection does not come to be; null: it is there, another process has it, or the app has
    /// none.</summary>
    private async Task<LocalText?> ConnectionProblemAsync(string platform, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        using var ticks = new PeriodicTimer(LookEvery, clock);
        while (true)
        {
            var (state, reason) = LineOf(platform);
            if (state is null or "connected" or "elsewhere" or "unproven" or "proven") return null;
            if (reason is not null || clock.GetElapsedTime(began) > Patience) return WelcomeTexts.NoConnection(reason);
            await ticks.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>The default app's connection: its state, and why the platform refuses it.</summary>
    private (string? State, string? Reason) LineOf(string platform)
    {
        if (platform == PlatformNames.Feishu)
        {
            var line = feishu.All.FirstOrDefault(c => c.App == AppNames.Default);
            return line is null ? (null, null) : (LongConnectionAnswer.Of(line).State, line.Problem);
        }

        var other = connections.SelectMany(c => c.Connections).FirstOrDefault(c => c.Platform == platform && c.App == AppNames.Default);
        return (other?.State, other is { IsRefused: true } ? other.Reason : null);
    }
}

/// <summary>What came of connecting.</summary>
/// <param name="IsConnected">It works, and is switched on.</param>
/// <param name="Problem">Why there is no connection although the credentials are right; null: that is not so.</param>
/// <param name="Trial">What the platform said to the credentials.</param>
internal sealed record ConnectOutcome(bool IsConnected, LocalText? Problem, CheckUp Trial)
{
    /// <summary>The app worked before, and goes on with what it had when the new values do not work.</summary>
    public bool GoesOn { get; init; }
}

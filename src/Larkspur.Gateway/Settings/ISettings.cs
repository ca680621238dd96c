using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings;

/// <summary>What administrators set at run time: one state for all processes of a database.</summary>
public interface ISettings
{
    /// <summary>The state of this moment, from memory. Before the host has started: defaults and the environment's.</summary>
    SettingsState Now { get; }

    /// <summary>Calls after each change of the state, on any thread; must be quick. One that throws does not keep the others from being called. Dispose to stop.</summary>
    IDisposable OnChange(Action<SettingsState> changed);

    /// <summary>Changes settings in one transaction, with their lines in the audit log; effective here when it returns, in other processes a moment later.</summary>
    /// <param name="who">Who changes them.</param>
    /// <param name="values">By key; null or empty takes a value away, so that its default counts.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SettingRefusedException">A value does not fit; nothing was changed.</exception>
    /// <exception cref="Storage.StorageUnavailableException">The database is away.</exception>
    Task<SettingsState> ChangeAsync(Actor who, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation = default);
}

/// <summary>A value that is not taken.</summary>
/// <param name="key">The setting.</param>
/// <param name="word">For programs: <c>unknown_setting</c>, <c>bad_value</c>, <c>set_by_environment</c>.</param>
/// <param name="sentence">For people.</param>
public sealed class SettingRefusedException(string key, string word, LocalText sentence) : Exception(sentence?.English)
{
    /// <inheritdoc cref="SettingRefusedException"/>
    public string Key { get; } = key;

    /// <inheritdoc cref="SettingRefusedException"/>
    public string Word { get; } = word;

    /// <inheritdoc cref="SettingRefusedException"/>
    public LocalText Sentence { get; } = sentence;
}

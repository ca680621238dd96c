using System.Collections.Frozen;
using System.Globalization;

namespace Larkspur.Gateway.Settings;

/// <summary>All settings at one moment. Not a record: its text must not show secrets.</summary>
public sealed class SettingsState
{
    private readonly FrozenDictionary<string, SettingValue> _values;

    internal SettingsState(long version, IEnumerable<SettingValue> values)
    {
        Version = version;
        All = [.. values];
        _values = All.ToFrozenDictionary(v => v.Definition.Key, StringComparer.Ordinal);
    }

    /// <summary>Higher after each change.</summary>
    public long Version { get; }

    /// <summary>All, set or not, in the order in which they were declared.</summary>
    public IReadOnlyList<SettingValue> All { get; }

    /// <summary>One setting.</summary>
    /// <exception cref="KeyNotFoundException">Nobody declared it.</exception>
    public SettingValue this[string key] => _values.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no setting \"{key}\".");

    /// <summary>As it would be with these values; an empty one takes a value away.</summary>
    public SettingsState With(IReadOnlyDictionary<string, string> values) => new(Version, All.Select(value =>
        values.TryGetValue(value.Definition.Key, out var text)
            ? new SettingValue(value.Definition, text.Trim() is { Length: > 0 } given ? given
                : value.Definition.Default, SettingSource.Stored)
            : value));

    /// <summary>A flag's value.</summary>
    public bool IsOn(string key) => this[key].Text == "true";

    /// <summary>A text or a secret; null: none.</summary>
    public string? Text(string key) => this[key].Text is { Length: > 0 } text ? text : null;

    /// <summary>A number.</summary>
    public int Number(string key) => int.Parse(this[key].Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}

/// <summary>One setting at one moment. Not a record: its text must not show a secret.</summary>
public sealed class SettingValue
{
    internal SettingValue(SettingDefinition definition, string text, SettingSource source)
    {
        Definition = definition;
        Text = text;
        Source = source;
    }

    /// <inheritdoc cref="SettingDefinition"/>
    public SettingDefinition Definition { get; }

    /// <summary>The value, a secret's too: it never leaves the gateway.</summary>
    public string Text { get; }

    /// <summary>Whose value it is.</summary>
    public SettingSource Source { get; }

    /// <summary>When it was set at run time.</summary>
    public DateTimeOffset? ChangedAt { get; internal init; }

    /// <summary>Who set it at run time.</summary>
    public string? ChangedBy { get; internal init; }

    /// <summary>A secret that cannot be decrypted any more: it is as if there were none, and has to be set again.</summary>
    public bool IsUnreadable { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Definition.Key;
}

/// <summary>Where a value comes from.</summary>
public enum SettingSource
{
    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary>An environment variable or the configuration; it cannot be changed at run time.</summary>
    Environment,

    /// <summary>An administrator.</summary>
    Stored,
}

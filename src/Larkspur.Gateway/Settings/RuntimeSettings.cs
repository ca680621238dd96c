using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Settings;

/// <inheritdoc cref="ISettings"/>
/// <remarks>The table is the truth; each process keeps a copy that follows it (<see cref="CachedTable{TRows, T}"/>).</remarks>
internal sealed partial class RuntimeSettings : ISettings, IDisposable
{
    public const string Purpose = "settings";

    private readonly IDatabase _database;
    private readonly AuditTrail _audit;
    private readonly SecretRegistry _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger<RuntimeSettings> _logger;
    private readonly Lazy<IDataProtector> _protector;
    private readonly SettingDefinition[] _declared;
    private readonly FrozenDictionary<string, SettingDefinition> _definitions;
    private readonly FrozenDictionary<string, string> _fixed;
    private readonly CachedTable<List<Stored>, Known> _watched;

    /// <exception cref="SettingsException">The environment gives a setting a value that it cannot have.</exception>
    public RuntimeSettings(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, IEnumerable<SettingDefinition> definitions, IEnumerable<FixedSetting> configured,
        IConfiguration configuration, SecretRegistry redaction, TimeProvider clock, ILogger<RuntimeSettings> logger)
    {
        (_database, _audit, _redaction, _clock, _logger) = (database, audit, redaction, clock, logger);
        // At the first secret: the key ring is in the database, and making its first key is a write.
        _protector = new Lazy<IDataProtector>(() => protection.CreateProtector(Purpose));
        _declared = [.. definitions];
        _definitions = _declared.ToFrozenDictionary(d => d.Key, StringComparer.Ordinal);
        _fixed = Fixed(configured, configuration);
        _watched = new CachedTable<List<Stored>, Known>("settings", KnownOf(0, []), database, ReadAsync, KnownOf, logger);
    }

    public SettingsState Now => _watched.Now.State;

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    public IDisposable OnChange(Action<SettingsState> changed) => _watched.OnChange(known => changed(known.State));

    public Task<SettingsState> ChangeAsync(Actor who, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation = default) =>
        ChangeAsync(who, values, _ => new(values.Keys), cancellation);

    /// <param name="who">Who changes them.</param>
    /// <param name="values">By key.</param>
    /// <param name="stillDue">Asked within the transaction, when nobody else can change settings: which of the keys are to be changed.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <inheritdoc cref="ISettings.ChangeAsync" path="/exception"/>
    public async Task<SettingsState> ChangeAsync(Actor who, IReadOnlyDictionary<string, string?> values,
        Func<IUnitOfWork, ValueTask<IEnumerable<string>>> stillDue, CancellationToken cancellation)
    {
        foreach (var (key, value) in values)
        {
            if (RefusalOf(key, value?.Trim() ?? "") is { } refused) throw refused;
        }

        var changes = values.Select(v => new Change(_definitions[v.Key], v.Value?.Trim() ?? ""))
            .OrderBy(c => c.Definition.Key, StringComparer.Ordinal).ToArray();
        // What is known of the secrets in force, and the new ones encrypted, before the transaction begins: the key ring is in the same database.
        await _watched.LookAsync(cancellation);
        var known = _watched.Now;
        foreach (var change in changes) change.Stored = change.Definition.Kind == SettingKind.Secret && change.Value.Length > 0 ? _protector.Value.Protect(change.Value) : change.Value;

        await _database.TransactAsync(async unit =>
        {
            await _watched.LockAsync(unit);
            var due = (await stillDue(unit)).ToHashSet(StringComparer.Ordinal);
            var stored = (await ReadAsync(unit)).ToDictionary(s => s.Name, StringComparer.Ordinal);
            var news = changes.Where(c => due.Contains(c.Definition.Key) && IsNews(c, stored.GetValueOrDefault(c.Definition.Key), known))
                .ToArray();
            if (news.Length == 0) return;
            var version = await _watched.ChangedAsync(unit);
            foreach (var change in news)
            {
                await WriteAsync(unit, change, version, who);
                await _audit.AddAsync(unit, who, "setting.changed", change.Definition.Key, DetailOf(change, stored.GetValueOrDefault(change.Definition.Key)));
            }
        }, cancellation);
        await _watched.FollowAsync(cancellation);
        return Now;
    }

    public void Dispose() => _watched.Dispose();

    /// <summary>Why a setting cannot have a value; null: it can.</summary>
    public SettingRefusedException? RefusalOf(string key, string value)
    {
        if (!_definitions.TryGetValue(key, out var definition))
            return new SettingRefusedException(key, "unknown_setting", Spelling.Nearest(key, _definitions.Keys) is { } near
                ? SettingTexts.NoSuchSettingButNear(near) : SettingTexts.ThereIsNoSuchSetting);
        if (_fixed.ContainsKey(key))
            return new SettingRefusedException(key, "set_by_environment", SettingTexts.ItIsSetByEnvironmentOr(definition.Variable));
        return value.Length > 0 && (SettingRules.ProblemOf(definition, value) ?? definition.ProblemWhenSet?.Invoke(value)) is { } problem
            ? new SettingRefusedException(key, "bad_value", problem) : null;
    }

    /// <summary>An equal value makes no line in the audit log. What cannot be compared, since it cannot be decrypted, is written.</summary>
    private static bool IsNews(Change change, Stored? stored, Known known)
    {
        if (stored is null || stored.Value.Length == 0) return change.Value.Length > 0;
        if (change.Definition.Kind != SettingKind.Secret) return stored.Value != change.Value;
        return !known.Secrets.TryGetValue(change.Definition.Key, out var secret) || secret.Stored != stored.Value || secret.Plain != change.Value;
    }

    /// <summary>A value that is taken away keeps its row: who did it and when is told.</summary>
    private async ValueTask WriteAsync(IUnitOfWork unit, Change change, long version, Actor who) => await unit.ExecuteAsync("""
        INSERT INTO setting (name, value, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """, change.Definition.Key, change.Stored, version, _clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Name);

    private static JsonObject DetailOf(Change change, Stored? before) => change.Definition.Kind == SettingKind.Secret
        ? new JsonObject { ["set"] = change.Value.Length > 0 }
        : new JsonObject { ["from"] = before?.Value is { Length: > 0 } was ? was : null, ["to"] = change.Value.Length > 0 ? change.Value : null };

    private Known KnownOf(long version, List<Stored> stored)
    {
        var byName = stored.ToDictionary(s => s.Name, StringComparer.Ordinal);
        var secrets = new Dictionary<string, Secret>(StringComparer.Ordinal);
        SettingValue[] values = [.. _declared.Select(definition => ValueOf(definition, byName.GetValueOrDefault(definition.Key), secrets))];
        // Before anybody can use them: what fails with a secret in its text must find it known.
        _redaction.Tell("settings", values.Where(v => v.Definition.Kind == SettingKind.Secret).Select(v => v.Text));
        return new Known(new SettingsState(version, values), secrets);
    }

    private SettingValue ValueOf(SettingDefinition definition, Stored? row, Dictionary<string, Secret> secrets)
    {
        if (_fixed.TryGetValue(definition.Key, out var value)) return new SettingValue(definition, value, SettingSource.Environment);
        if (row is not { Value.Length: > 0 }) return new SettingValue(definition, definition.Default, SettingSource.Default) { ChangedAt = row?.At, ChangedBy = row?.Who };
        var plain = definition.Kind == SettingKind.Secret ? Decrypt(definition, row.Value) : row.Value;
        if (plain is null) return new SettingValue(definition, "", SettingSource.Stored) { ChangedAt = row.At, ChangedBy = row.Who, IsUnreadable = true };
        if (definition.Kind == SettingKind.Secret) secrets[definition.Key] = new Secret(row.Value, plain);
        else if (SettingRules.ProblemOf(definition, plain) is { } problem)
        {
            ValueNotValid(definition.Key, problem.English);
            plain = definition.Default;
        }

        return new SettingValue(definition, plain, SettingSource.Stored) { ChangedAt = row.At, ChangedBy = row.Who };
    }

    private string? Decrypt(SettingDefinition definition, string stored)
    {
        try
        {
            return _protector.Value.Unprotect(stored);
        }
        catch (CryptographicException e)
        {
            SettingUnreadable(definition.Key, e);
            return null;
        }
    }

    private FrozenDictionary<string, string> Fixed(IEnumerable<FixedSetting> configured, IConfiguration configuration)
    {
        var values = configured.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        foreach (var definition in _declared)
        {
            if (definition.Variable is not { } variable || configuration[variable] is not { Length: > 0 } set) continue;
            values[definition.Key] = SettingRules.Environmental(definition, set.Trim())
                ?? throw new SettingsException([$"{variable}: {SettingRules.ProblemOf(definition, set.Trim())!.English}"]);
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ValueTask<List<Stored>> ReadAsync(ISql sql) => sql.QueryAsync("SELECT name, value, changed_at, changed_by FROM setting", Row);

    private static Stored Row(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Time(2), row.GetString(3));

    private sealed record Stored(string Name, string Value, DateTimeOffset At, string Who);

    /// <summary>The state, and what its secrets are in the table. Not a record: its text would show them.</summary>
    private sealed class Known(SettingsState state, Dictionary<string, Secret> secrets)
    {
        public SettingsState State { get; } = state;

        public Dictionary<string, Secret> Secrets { get; } = secrets;
    }

    private sealed class Secret(string stored, string plain)
    {
        public string Stored { get; } = stored;

        public string Plain { get; } = plain;
    }

    private sealed class Change(SettingDefinition definition, string value)
    {
        public SettingDefinition Definition { get; } = definition;

        public string Value { get; } = value;

        /// <summary>As it is written.</summary>
        public string Stored { get; set; } = value;
    }

    [LoggerMessage(LogLevel.Error, "The stored value of {Setting} is not valid ({Problem}); its default counts")]
    private partial void ValueNotValid(string setting, string problem);
    [LoggerMessage(LogLevel.Error,
        "The setting {Setting} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another one. Set it again")]
    private partial void SettingUnreadable(string setting, Exception error);
}

/// <summary>A value that comes from the configuration and not from a variable of the setting's own; it cannot be changed at run time either. Not a record: it may be a secret.</summary>
internal sealed class FixedSetting(string key, string value)
{
    public string Key { get; } = key;

    public string Value { get; } = value;
}

using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Settings;

/// <inheritdoc cref="ISettings"/>
/// <remarks>The table is the truth; each process keeps a copy, reads it anew when another announces a change, and looks every few seconds in case it missed one.</remarks>
internal sealed class RuntimeSettings : BackgroundService, ISettings
{
    private const string Purpose = "settings";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly IDatabase _database;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly ILogger<RuntimeSettings> _logger;
    private readonly Lazy<IDataProtector> _protector;
    private readonly FrozenDictionary<string, SettingDefinition> _definitions;
    private readonly FrozenDictionary<string, string> _fixed;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<Action<SettingsState>> _listeners = [];
    private volatile SettingsState _now;

    public RuntimeSettings(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, IEnumerable<SettingDefinition> definitions, IConfiguration configuration,
        TimeProvider clock, ILogger<RuntimeSettings> logger)
    {
        (_database, _audit, _clock, _logger) = (database, audit, clock, logger);
        _protector = new Lazy<IDataProtector>(() => protection.CreateProtector(Purpose));
        _definitions = definitions.ToFrozenDictionary(d => d.Key, StringComparer.Ordinal);
        _fixed = _definitions.Values.Where(d => d.Variable is not null && !string.IsNullOrEmpty(configuration[d.Variable]))
            .ToFrozenDictionary(d => d.Key, d => configuration[d.Variable!]!.Trim(), StringComparer.Ordinal);
        _now = StateOf(0, []);
    }

    public SettingsState Now => _now;

    public IDisposable OnChange(Action<SettingsState> changed)
    {
        lock (_gate) _listeners.Add(changed);
        return new Listening(this, changed);
    }

    public async Task<SettingsState> ChangeAsync(Actor who, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation = default)
    {
        var changes = values.Select(v => (Definition: DefinitionOf(v.Key), Value: v.Value?.Trim() ?? "")).ToArray();
        foreach (var (definition, value) in changes) Judge(definition, value);
        await _database.TransactAsync(async unit =>
        {
            var stored = await ReadAsync(unit);
            var version = stored.Select(s => s.Version).DefaultIfEmpty(0).Max() + 1;
            var changed = false;
            foreach (var (definition, value) in changes)
            {
                var before = stored.FirstOrDefault(s => s.Name == definition.Key)?.Value is { } was ? Plain(definition, was) : null;
                if ((before ?? "") == value) continue;
                changed = true;
                await WriteAsync(unit, definition, value, version, who);
                await _audit.AddAsync(unit, who, "setting.changed", definition.Key, DetailOf(definition, before, value));
            }

            if (changed) unit.Announce(Topics.Settings, version);
        }, cancellation);
        await LookAsync(cancellation);
        return _now;
    }

    /// <summary>Reads the table; tells the listeners when it says something new.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            var stored = await _database.ReadAsync(ReadAsync, cancellation);
            var version = stored.Select(s => s.Version).DefaultIfEmpty(0).Max();
            if (version == _now.Version) return;
            _now = StateOf(version, stored);
            Action<SettingsState>[] listeners;
            lock (_gate) listeners = [.. _listeners];
            foreach (var listener in listeners) listener(_now);
        }
        finally
        {
            _reading.Release();
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(LookEvery, _clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (StorageUnavailableException e)
                {
                    _logger.LogWarning("The settings cannot be read now ({Reason}); those of version {Version} stay in force", e.Message, _now.Version);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private SettingDefinition DefinitionOf(string key) => _definitions.TryGetValue(key, out var definition) ? definition
        : throw new SettingRefusedException(key, "unknown_setting", new LocalText("没有这个设置", "There is no such setting"));

    private void Judge(SettingDefinition definition, string value)
    {
        if (_fixed.ContainsKey(definition.Key))
            throw new SettingRefusedException(definition.Key, "set_by_environment", new LocalText($"由环境变量 {definition.Variable} 设定，请在那里修改", $"It is set by {definition.Variable}; change it there"));
        if (value.Length > 0 && SettingRules.ProblemOf(definition, value) is { } problem) throw new SettingRefusedException(definition.Key, "bad_value", problem);
    }

    private async ValueTask WriteAsync(IUnitOfWork unit, SettingDefinition definition, string value, long version, Actor who)
    {
        // A value that was taken away keeps its row: the version lives in it.
        var text = definition.Kind == SettingKind.Secret && value.Length > 0 ? _protector.Value.Protect(value) : value;
        await unit.ExecuteAsync("""
            INSERT INTO setting (name, value, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
            """, definition.Key, text, version, _clock.GetUtcNow().ToUnixTimeMilliseconds(), who.Name);
    }

    private string? Plain(SettingDefinition definition, string stored)
    {
        if (definition.Kind != SettingKind.Secret || stored.Length == 0) return stored;
        try
        {
            return _protector.Value.Unprotect(stored);
        }
        catch (CryptographicException e)
        {
            _logger.LogError(e, "The setting {Setting} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another one. Set it again", definition.Key);
            return null;
        }
    }

    private static JsonObject? DetailOf(SettingDefinition definition, string? before, string value) => definition.Kind == SettingKind.Secret
        ? new JsonObject { ["set"] = value.Length > 0 }
        : new JsonObject { ["from"] = before, ["to"] = value };

    private SettingsState StateOf(long version, IReadOnlyList<Stored> stored)
    {
        var byName = stored.ToDictionary(s => s.Name, StringComparer.Ordinal);
        return new SettingsState(version, _definitions.Values.Select(definition =>
        {
            if (_fixed.TryGetValue(definition.Key, out var value)) return new SettingValue(definition, value, SettingSource.Environment);
            if (byName.TryGetValue(definition.Key, out var row) && Plain(definition, row.Value) is { Length: > 0 } plain)
                return new SettingValue(definition, plain, SettingSource.Stored) { ChangedAt = row.At, ChangedBy = row.Who };
            return new SettingValue(definition, definition.Default, SettingSource.Default);
        }));
    }

    private static ValueTask<List<Stored>> ReadAsync(ISql sql) => sql.QueryAsync("SELECT name, value, version, changed_at, changed_by FROM setting", Row);

    private static Stored Row(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.Time(3), row.GetString(4));

    private sealed record Stored(string Name, string Value, long Version, DateTimeOffset At, string Who);

    private sealed class Listening(RuntimeSettings owner, Action<SettingsState> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate) owner._listeners.Remove(listener);
        }
    }
}

/// <summary>What values may look like.</summary>
internal static class SettingRules
{
    /// <summary>What is wrong with a value that is not empty; null: nothing.</summary>
    public static LocalText? ProblemOf(SettingDefinition definition, string value)
    {
        if (value.Length > definition.Longest) return new LocalText($"最多 {definition.Longest} 个字符", $"At most {definition.Longest} characters");
        if (value.Any(char.IsControl)) return new LocalText("不能含控制字符", "No control characters");
        return definition.Kind switch
        {
            SettingKind.Flag when value is not ("true" or "false") => new LocalText("只能是 true 或 false", "It is true or false"),
            SettingKind.Choice when !definition.Choices.Contains(value) => new LocalText($"只能是 {string.Join("、", definition.Choices)} 之一", $"One of {string.Join(", ", definition.Choices)}"),
            SettingKind.Number when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => new LocalText("需要整数", "A whole number"),
            _ => definition.Problem?.Invoke(value),
        };
    }
}

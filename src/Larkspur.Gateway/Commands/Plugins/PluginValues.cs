using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>
/// What a plug-in keeps in the gateway's database: values (JSON, at most 64 KiB) under names of its own (at most 200 characters). They
/// are read and changed in the
/// transaction that ends an event, so they change once however often it comes. Other plug-ins do not see them.
/// </summary>
public sealed class PluginValues
{
    private const int LongestName = 200;
    private const int MostBytes = 64 << 10;

    private readonly string _plugin;

    internal PluginValues(string plugin) => _plugin = plugin;

    /// <summary>The value of a name, or null.</summary>
    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public async ValueTask<T?> FindAsync<T>(IEffects effects, string name) where T : class
    {
        ArgumentNullException.ThrowIfNull(effects);
        var json = await effects.Unit.FirstAsync("SELECT value FROM plugin_value WHERE plugin = $1 AND name = $2",
            static row => row.GetString(0), _plugin, Checked(name));
        return json is null ? null : JsonSerializer.Deserialize<T>(json);
    }

    /// <summary>Adds a value, unless the name has one: whoever comes first has decided.</summary>
    /// <param name="effects">The transaction.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="keepFor">How long it is kept; null: until it is removed.</param>
    /// <returns>True for the first.</returns>
    /// <exception cref="ArgumentException">The name or the value is too long.</exception>
    public async ValueTask<bool> AddAsync<T>(IEffects effects, string name, T value, TimeSpan? keepFor = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(effects);
        return await effects.Unit.ExecuteAsync("""
            INSERT INTO plugin_value (plugin, name, value, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """, _plugin, Checked(name), Json(value), Until(effects, keepFor)) == 1;
    }

    /// <summary>Sets a value in place of the one that was.</summary>
    /// <inheritdoc cref="AddAsync" path="/param"/>
    /// <exception cref="ArgumentException">The name or the value is too long.</exception>
    public async ValueTask SetAsync<T>(IEffects effects, string name, T value, TimeSpan? keepFor = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(effects);
        await effects.Unit.ExecuteAsync("""
            INSERT INTO plugin_value (plugin, name, value, expires_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (plugin, name) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
            """, _plugin, Checked(name), Json(value), Until(effects, keepFor));
    }

    /// <summary>Removes a value.</summary>
    /// <returns>False: there was none.</returns>
    public async ValueTask<bool> RemoveAsync(IEffects effects, string name)
    {
        ArgumentNullException.ThrowIfNull(effects);
        return await effects.Unit.ExecuteAsync("DELETE FROM plugin_value WHERE plugin = $1 AND name = $2", _plugin, Checked(name)) == 1;
    }

    /// <summary>Forgets those of all plug-ins whose time is over.</summary>
    internal static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM plugin_value WHERE (plugin, name) IN
          (SELECT plugin, name FROM plugin_value WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """);

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= LongestName ? name
            : throw new ArgumentException($"The name of a value has at most {LongestName} characters.", nameof(name));
    }

    private static string Json<T>(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var json = JsonSerializer.Serialize(value);
        return Encoding.UTF8.GetByteCount(json) <= MostBytes ? json
            : throw new ArgumentException($"A value has at most {MostBytes} bytes of JSON.", nameof(value));
    }

    private static long? Until(IEffects effects, TimeSpan? keepFor) =>
        keepFor is { } time ? (effects.Now + time).ToUnixTimeMilliseconds() : null;
}

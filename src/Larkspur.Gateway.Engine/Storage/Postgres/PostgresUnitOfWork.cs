using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Statements on one PostgreSQL connection, inside a transaction or not.</summary>
internal sealed class PostgresUnitOfWork(NpgsqlConnection connection, NpgsqlTransaction? transaction, PostgresAnnouncer? announcer = null) : IUnitOfWork
{
    private readonly List<Action> _afterCommit = [];
    private readonly List<Func<IUnitOfWork, ValueTask>> _last = [];
    private StringBuilder? _announced;
    private List<string>? _wanted;

    public static PostgresUnitOfWork Of(IUnitOfWork unit) => (PostgresUnitOfWork)unit;

    public NpgsqlConnection Connection => connection;

    public ValueTask LastAsync(Func<IUnitOfWork, ValueTask> work)
    {
        _last.Add(work);
        return ValueTask.CompletedTask;
    }

    /// <summary>Does what was to be last.</summary>
    public async ValueTask RunLastAsync()
    {
        for (var i = 0; i < _last.Count; i++) await _last[i](this);
    }

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Announce(char topic, long id)
    {
        if (announcer is not null && Leases.Topics.IsFoundAnyway(topic))
        {
            (_wanted ??= []).Add(string.Create(CultureInfo.InvariantCulture, $"{topic}{id}"));
            return;
        }

        _announced ??= new StringBuilder();
        if (_announced.Length > 0) _announced.Append(',');
        _announced.Append(topic).Append(id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Sends the announcements with the transaction: they arrive when it is durable, or never.</summary>
    public async ValueTask NotifyAsync()
    {
        if (_announced is null) return;
        var text = _announced.ToString();
        for (var from = 0; from < text.Length;)
        {
            var length = text.Length - from <= PostgresAnnouncer.MostCharacters ? text.Length - from : text.LastIndexOf(',', from + PostgresAnnouncer.MostCharacters) - from;
            await ExecuteAsync("SELECT pg_notify($1, $2)", PostgresDatabase.NotificationChannel, text.Substring(from, length));
            from += length + 1;
        }
    }

    public void RunAfterCommit()
    {
        foreach (var action in _afterCommit) action();
        if (_wanted is not null) announcer!.Tell(_wanted);
    }

    public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values) => ExecuteAsync(Command(sql, values));

    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values) => QueryAsync(Command(sql, values), map);

    private static async ValueTask<int> ExecuteAsync(NpgsqlCommand command)
    {
        await using (command) return await command.ExecuteNonQueryAsync();
    }

    private static async ValueTask<List<T>> QueryAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> map)
    {
        await using (command)
        {
            var rows = new List<T>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows.Add(map(reader));
            return rows;
        }
    }

    private NpgsqlCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value is string text ? Storable(text) : value ?? DBNull.Value });
        return command;
    }

    /// <summary>PostgreSQL's text knows neither NUL nor halves of surrogate pairs, which JSON can carry; each becomes U+FFFD.</summary>
    internal static string Storable(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0) text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\ufffd') : text;
    }
}

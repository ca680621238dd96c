using System.Text;
using System.Threading.Channels;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Tells the other processes which rows wait for them: after the commit, on a connection of its own, many in one word.</summary>
/// <remarks>
/// Within the transaction each commit would wait for the lock under which PostgreSQL queues notifications, which is one for the whole server: a
/// session that stood still while it has that lock would stop them all. What is lost here, because this process ended in between or the
/// server did not take it, the others find when they look into the table.
/// </remarks>
internal sealed partial class PostgresAnnouncer : IAsyncDisposable
{
    /// <summary>PostgreSQL takes less than 8,000 bytes at once.</summary>
    public const int MostCharacters = 7000;

    private const int MostWaiting = 20_000;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly ILogger _logger;
    private readonly Channel<string> _waiting = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _telling;
    private NpgsqlConnection? _connection;

    /// <param name="source">Where its connection comes from, when there is something to tell.</param>
    /// <param name="logger">The log.</param>
    public PostgresAnnouncer(NpgsqlDataSource source, ILogger logger)
    {
        (_source, _logger) = (source, logger);
        _telling = Task.Run(TellAllAsync);
    }

    /// <summary>Rows that were committed.</summary>
    /// <param name="words">A topic's letter and a row's number each.</param>
    public void Tell(IReadOnlyList<string> words)
    {
        foreach (var word in words) _waiting.Writer.TryWrite(word);
    }

    /// <summary>Tells what still waits, for a second at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _end.CancelAfter(LastWords);
        await _telling;
        await CloseAsync();
        _end.Dispose();
    }

    private async Task TellAllAsync()
    {
        var text = new StringBuilder();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            text.Clear();
            while (text.Length < MostCharacters - 30 && _waiting.Reader.TryRead(out var word))
            {
                if (text.Length > 0) text.Append(',');
                text.Append(word);
            }

            if (_end.IsCancellationRequested) continue;
            // A connection that was silent for long may have been cut without a word: the second try has a new one.
            if (!await TryAsync(text.ToString(), last: false)) await TryAsync(text.ToString(), last: true);
        }
    }

    private async Task<bool> TryAsync(string words, bool last)
    {
        try
        {
            if (_connection is null)
            {
                _connection = await _source.OpenConnectionAsync(_end.Token);
                // What is told is worth nothing after a crash of the server: no commit has to wait for the disk.
                await using var quick = new NpgsqlCommand("SET synchronous_commit = off", _connection);
                await quick.ExecuteNonQueryAsync(_end.Token);
            }

            await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", _connection);
            notify.Parameters.Add(new() { Value = PostgresDatabase.NotificationChannel });
            notify.Parameters.Add(new() { Value = words });
            await notify.ExecuteNonQueryAsync(_end.Token);
            return true;
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e) || _end.IsCancellationRequested)
        {
            if (last) OthersNotTold(e.Message);
            await CloseAsync();
            return false;
        }
        catch (Exception e)
        {
            TellingOthersFailed(e);
            await CloseAsync();
            return false;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Information,
        "Other processes could not be told of rows that wait for them ({Reason}); they find them by themselves")]
    private partial void OthersNotTold(string reason);
    [LoggerMessage(LogLevel.Error, "Other processes could not be told of rows that wait for them; they find them by themselves")]
    private partial void TellingOthersFailed(Exception error);
}

using System.Globalization;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Hears what the other processes announce. A connection that broke may have missed something: after each reconnect everybody looks for himself.</summary>
internal sealed partial class PostgresListener(PostgresDatabase database, TimeProvider clock, ILogger<PostgresListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(15);

    private readonly List<(char Topic, Action<IReadOnlyList<long>> Heard)> _ears = [];
    private readonly List<Action> _missed = [];

    /// <summary>Subscribes to a topic. Before the host starts.</summary>
    public void On(char topic, Action<IReadOnlyList<long>> heard) => _ears.Add((topic, heard));

    /// <summary>Called when announcements may have been missed.</summary>
    public void OnGap(Action look) => _missed.Add(look);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresErrors.IsUnavailable(e))
            {
                ListeningInterrupted(e.Message);
                try
                {
                    await Task.Delay(Pause, clock, stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await using var connection = await database.ListenAsync(stopping);
        connection.Notification += Heard;
        await using (var listen = new NpgsqlCommand($"LISTEN {PostgresDatabase.NotificationChannel}", connection)) await listen.ExecuteNonQueryAsync(stopping);
        foreach (var look in _missed) look();
        while (true)
        {
            // A dead peer is silent: proven alive by a query now and then.
            if (await connection.WaitAsync(ProbeEvery, stopping)) continue;
            await using var probe = new NpgsqlCommand("SELECT 1", connection);
            await probe.ExecuteNonQueryAsync(stopping);
        }
    }

    private void Heard(object sender, NpgsqlNotificationEventArgs notification)
    {
        var byTopic = notification.Payload.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => long.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToLookup(word => word[0], word => long.Parse(word.AsSpan(1), CultureInfo.InvariantCulture));
        foreach (var (topic, heard) in _ears)
        {
            if (byTopic.Contains(topic)) heard([.. byTopic[topic]]);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Announcements of other processes are not heard ({Reason}); trying again")]
    private partial void ListeningInterrupted(string reason);
}

using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Feedback;

/// <summary>Tells backends what readers thought of their answers. A verdict is recorded with the click; the telling is repeated until the backend has it or will not take it.</summary>
internal sealed class VerdictSender(IDatabase database, AssistantBackends backends, ILeases leases, TimeProvider clock, ILogger<VerdictSender> logger) : BackgroundService
{
    private const int Batch = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    private readonly SemaphoreSlim _wanted = new(0, 1);
    private bool _isDisposed;

    /// <summary>A verdict was recorded in this transaction.</summary>
    public void Stored(IUnitOfWork unit) => unit.AfterCommit(Wake);

    /// <summary>Records a verdict.</summary>
    /// <returns>False: the same was said before.</returns>
    public static async ValueTask<bool> RecordAsync(IUnitOfWork unit, long turn, bool helpful) => await unit.ExecuteAsync(
        "UPDATE assistant_turn SET verdict = $2, verdict_due = 1 WHERE id = $1 AND (verdict IS NULL OR verdict <> $2)", turn, helpful ? 1 : 0) == 1;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

    public override void Dispose()
    {
        base.Dispose();
        lock (_wanted)
        {
            // The writer may tell of a last commit after this.
            _isDisposed = true;
            _wanted.Dispose();
        }
    }

    private void Wake()
    {
        lock (_wanted)
        {
            if (!_isDisposed && _wanted.CurrentCount == 0) _wanted.Release();
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!leases.Held.IsEmpty)
                {
                    var away = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var due in await LoadAsync(leases.Held, stopping))
                    {
                        // One that is away is not asked again in this round: the others' verdicts would wait for it.
                        if ((due.Backend is null || !away.Contains(due.Backend)) && !await TellAsync(due, stopping)) away.Add(due.Backend!);
                    }
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException e)
            {
                logger.LogWarning("Verdicts could not be read ({Reason}); trying again", e.Message);
            }
            catch (Exception e)
            {
                logger.LogError(e, "Verdicts could not be told; trying again");
            }

            await ((Task)_wanted.WaitAsync(LookEvery, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<List<Due>> LoadAsync(Partitions parts, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync($"""
        SELECT id, backend, message_id, COALESCE(asked_as, person), verdict, COALESCE(ended_at, 0) FROM assistant_turn WHERE verdict_due = 1 AND (($1 >> part) & 1) = 1 ORDER BY id LIMIT {Batch}
        """, static row => new Due(row.GetInt64(0), row.Text(1), row.Text(2), row.GetString(3), row.GetInt32(4) != 0, row.Time(5)), parts.Value), cancellation);

    /// <returns>False: the backend is away.</returns>
    private async Task<bool> TellAsync(Due due, CancellationToken stopping)
    {
        if (due.Backend is { } name && due.MessageId is { } message && backends.Find(name) is { } backend && backend.Backend.Abilities.HasFlag(AssistantAbilities.Rate))
        {
            try
            {
                await backend.Backend.RateAsync(message, due.AskedAs, due.Helpful, cancellationToken: stopping);
            }
            catch (AssistantException e) when (e.Failure is AssistantFailure.Unavailable or AssistantFailure.Busy or AssistantFailure.Unknown && clock.GetUtcNow() - due.EndedAt < GiveUpAfter)
            {
                logger.LogInformation("Backend {Backend} was not told a verdict ({Reason}); trying again", name, e.Message);
                return false;
            }
            catch (AssistantException e)
            {
                logger.LogWarning("Backend {Backend} does not take a verdict ({Reason}); it stays recorded here", name, e.Message);
            }
        }

        // A verdict that was changed meanwhile is told anew.
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE assistant_turn SET verdict_due = 0 WHERE id = $1 AND verdict = $2", due.Id, due.Helpful ? 1 : 0), stopping);
        return true;
    }

    private sealed record Due(long Id, string? Backend, string? MessageId, string AskedAs, bool Helpful, DateTimeOffset EndedAt);
}

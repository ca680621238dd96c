using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Feedback;

/// <summary>Tells backends what readers thought of their answers. A verdict is recorded with the click; the telling is repeated until the backend has it or will not take it.</summary>
internal sealed partial class VerdictSender(IDatabase database, AssistantBackends backends, ILeases leases, TimeProvider clock,
    ILogger<VerdictSender> logger)
    : DueRows(leases, "Verdicts could not be told", logger)
{
    private const int Batch = 50;
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    /// <summary>Records a verdict.</summary>
    /// <returns>False: the same was said before.</returns>
    public static async ValueTask<bool> RecordAsync(IUnitOfWork unit, long turn, bool helpful) => await unit.ExecuteAsync(
        "UPDATE assistant_turn SET verdict = $2, verdict_due = 1 WHERE id = $1 AND (verdict IS NULL OR verdict <> $2)", turn, helpful ? 1 : 0) == 1;

    protected override async Task WorkAsync(Partitions parts, CancellationToken stopping)
    {
        var away = new HashSet<string>(StringComparer.Ordinal);
        foreach (var due in await LoadAsync(parts, stopping))
        {
            // One that is away is not asked again in this round: the others' verdicts would wait for it.
            if ((due.Backend is null || !away.Contains(due.Backend)) && !await TellAsync(due, stopping)) away.Add(due.Backend!);
        }
    }

    private Task<List<Due>> LoadAsync(Partitions parts, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync($"""
        SELECT id, backend, message_id, COALESCE(asked_as, person), verdict, COALESCE(ended_at, 0) FROM assistant_turn WHERE verdict_due = 1 AND (($1 >> partition) & 1) = 1 ORDER BY id LIMIT {Batch}
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
                VerdictPostponed(name, e.Message);
                return false;
            }
            catch (AssistantException e)
            {
                VerdictRefused(name, e.Message);
            }
        }

        // A verdict that was changed meanwhile is told anew.
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE assistant_turn SET verdict_due = 0 WHERE id = $1 AND verdict = $2", due.Id, due.Helpful ? 1 : 0), stopping);
        return true;
    }

    private sealed record Due(long Id, string? Backend, string? MessageId, string AskedAs, bool Helpful, DateTimeOffset EndedAt);

    [LoggerMessage(LogLevel.Information, "Backend {Backend} was not told a verdict ({Reason}); trying again")]
    private partial void VerdictPostponed(string backend, string reason);
    [LoggerMessage(LogLevel.Warning, "Backend {Backend} does not take a verdict ({Reason}); it stays recorded here")]
    private partial void VerdictRefused(string backend, string reason);
}

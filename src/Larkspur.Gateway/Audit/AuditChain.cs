using System.Data.Common;
using System.Security.Cryptography;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Postgres;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Audit;

/// <summary>
/// Writes the lines of the audit log as a chain: whoever can write the database, and cannot open the key ring, changes none of them
/// unseen. Opened when the gateway starts, before anything is
/// written: the key ring is in the same database, and a transaction must not wait for it.
/// </summary>
/// <remarks>
/// The chain's row is the lock that orders lines over all processes. It is taken as the last one of a transaction (<see
/// cref="IUnitOfWork.LastAsync"/>): held for a moment, and in no circle.
/// A tip that does not fit is never sealed anew: otherwise the next line would make good what somebody did to the row.
/// </remarks>
internal sealed partial class AuditChain(IDatabase database, IDataProtectionProvider protection, SecretRegistry secrets,
    ILogger<AuditChain> logger) : IHostedService
{
    /// <summary>What the chain's key is encrypted for.</summary>
    public const string Purpose = "audit";

    /// <summary>In the order of <see cref="Read"/>.</summary>
    public const string Columns = "chain_key, ready, handed, pruned, anchor, last, head, tip";

    private const string LockRow = $"UPDATE audit_chain SET handed = handed WHERE id = 1 RETURNING {Columns}";

    /// <summary>Lines from before the chain that are sealed in one transaction.</summary>
    private const int Batch = 500;

    private readonly Lock _gate = new();
    private volatile AuditSeals? _seals;
    private (long Line, string Seal) _newest;
    private int _told;

    /// <summary>Makes and judges seals; null: the key cannot be opened.</summary>
    public AuditSeals? Seals => _seals;

    /// <summary>The newest line that this process has written or seen as the last; 0: none.</summary>
    public (long Line, string Seal) Newest
    {
        get { lock (_gate) return _newest; }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (CryptographicException e)
        {
            KeyCannotBeOpened(e.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes a line at the end of its transaction.</summary>
    /// <param name="unit">The change's transaction.</param>
    /// <param name="line">The line; its id is given here.</param>
    public ValueTask AppendAsync(IUnitOfWork unit, AuditLine line)
    {
        var storable = line with { Who = Storable(line.Who)!, What = Storable(line.What)!, Subject = Storable(line.Subject),
            Detail = Storable(line.Detail), Address = Storable(line.Address) };
        return unit.LastAsync(async last => await WriteAsync(last, storable));
    }

    /// <summary>
    /// Forgets the oldest lines that were written before a time. What does not fit is kept, as evidence: somebody may have changed its
    /// time to have it forgotten.
    /// </summary>
    /// <returns>How many.</returns>
    public async ValueTask<int> PruneAsync(OldBatch old)
    {
        var unit = old.Unit;
        var state = await unit.FirstAsync(LockRow, Read);
        if (_seals is not { } seals || state is not { Ready: true }) return 0;
        var (next, count) = (state, 0);
        foreach (var line in await unit.QueryAsync(Select("id > $1 ORDER BY id LIMIT $2"), AuditTrail.Line, state.Pruned, old.AtMost))
        {
            if (line.At.ToUnixTimeMilliseconds() >= old.Before || line.Id > state.Last) break;
            if (line.Seal is null || !AuditSeals.IsSame(line.Seal, seals.Of(next.Anchor, line)))
            {
                LineNotForgotten(line.Id);
                break;
            }

            next = next with { Pruned = line.Id, Anchor = line.Seal };
            count++;
        }

        if (count == 0) return 0;
        await unit.ExecuteAsync("DELETE FROM audit WHERE id > $1 AND id <= $2", state.Pruned, next.Pruned);
        await StoreAsync(unit, state, next);
        return count;
    }

    /// <summary>Columns of a line, under a condition.</summary>
    public static string Select(string condition) =>
        $"SELECT id, at, who, what, subject, detail, address, seal FROM audit WHERE {condition}";

    /// <summary>The chain's row.</summary>
    public static ChainState Read(DbDataReader row) => Read(row, 0);

    /// <inheritdoc cref="Read(DbDataReader)"/>
    public static ChainState Read(DbDataReader row, int first) => new(row.Text(first), row.GetInt32(first + 1) == 1,
        row.GetInt64(first + 2), row.GetInt64(first + 3), row.GetString(first + 4), row.GetInt64(first + 5),
        row.GetString(first + 6), row.GetString(first + 7));

    private async Task OpenAsync(CancellationToken cancellation)
    {
        var protector = protection.CreateProtector(Purpose);
        var state = await database.ReadAsync(sql => sql.FirstAsync($"SELECT {Columns} FROM audit_chain WHERE id = 1", Read), cancellation);
        if (state is { Key: null }) state = await BeginAsync(protector, cancellation);
        if (state?.Key is not { } stored)
        {
            ChainLost();
            return;
        }

        var key = protector.Unprotect(stored);
        secrets.Tell("audit", [key]);
        var seals = new AuditSeals(Convert.FromBase64String(key));
        var sealedNow = 0;
        while (!state!.Ready)
        {
            if (!seals.Fits(state))
            {
                ChangedWhileSealed();
                break;
            }

            (state, var some) = await SealAsync(seals, cancellation);
            sealedNow += some;
        }

        if (sealedNow > 0)
        {
            LinesSealed(sealedNow, state.Last, state.Head);
        }

        lock (_gate) _newest = (state.Last, state.Head);
        _seals = seals;
    }

    /// <summary>Puts a key down, unless another process was first.</summary>
    /// <returns>Null: there are sealed lines, so there was a chain, and somebody has emptied its row.</returns>
    private async Task<ChainState?> BeginAsync(IDataProtector protector, CancellationToken cancellation)
    {
        // Outside of the transaction: the first use of the key ring writes.
        var key = RandomNumberGenerator.GetBytes(AuditSeals.KeySize);
        var stored = protector.Protect(Convert.ToBase64String(key));
        return await database.TransactAsync(async unit =>
        {
            var state = await unit.FirstAsync(LockRow, Read);
            if (state is not { Key: null }) return state;
            var handed = await unit.NumberAsync("SELECT MAX(id) FROM audit") ?? 0;
            if (await unit.NumberAsync("SELECT MIN(id) FROM audit WHERE seal IS NOT NULL") is not null)
            {
                // Lines are still written, with ids that are free.
                await unit.ExecuteAsync("UPDATE audit_chain SET handed = $1 WHERE id = 1", handed);
                return null;
            }

            var pruned = (await unit.NumberAsync("SELECT MIN(id) FROM audit") ?? 1) - 1;
            var begun = new ChainState(stored, false, handed, pruned, "", pruned, "", "");
            begun = begun with { Tip = new AuditSeals(key).Tip(begun) };
            await unit.ExecuteAsync("""
                UPDATE audit_chain SET chain_key = $1, ready = 0, handed = $2, pruned = $3, anchor = '', last = $3, head = '', tip = $4 WHERE id = 1
                """, stored, handed, pruned, begun.Tip);
            return begun;
        }, cancellation);
    }

    /// <summary>Seals some of the lines from before the chain.</summary>
    private Task<(ChainState State, int Sealed)> SealAsync(AuditSeals seals, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        var state = (await unit.FirstAsync(LockRow, Read))!;
        if (state.Ready || !seals.Fits(state)) return (state, 0);
        var lines = await unit.QueryAsync(Select("id > $1 ORDER BY id LIMIT $2"), AuditTrail.Line, state.Last, Batch);
        var next = state;
        foreach (var line in lines)
        {
            var seal = seals.Of(next.Head, line);
            await unit.ExecuteAsync("UPDATE audit SET seal = $2 WHERE id = $1", line.Id, seal);
            next = next with { Last = line.Id, Head = seal, Handed = Math.Max(next.Handed, line.Id) };
        }

        next = next with { Ready = lines.Count < Batch };
        next = next with { Tip = seals.Tip(next) };
        await unit.ExecuteAsync("UPDATE audit_chain SET ready = $1, handed = $2, last = $3, head = $4, tip = $5 WHERE id = 1",
            next.Ready ? 1 : 0, next.Handed, next.Last, next.Head, next.Tip);
        return (next, lines.Count);
    }, cancellation);

    private async ValueTask WriteAsync(IUnitOfWork unit, AuditLine line)
    {
        var state = await unit.FirstAsync($"UPDATE audit_chain SET handed = handed + 1 WHERE id = 1 RETURNING {Columns}", Read)
            ?? await ReplaceLostAsync(unit);
        line = line with { Id = state.Handed };
        if (_seals is not { } seals || !state.Ready)
        {
            await InsertAsync(unit, line);
            return;
        }

        line = line with { Seal = seals.Of(state.Head, line) };
        await InsertAsync(unit, line);
        await StoreAsync(unit, state, state with { Last = line.Id, Head = line.Seal! });
        unit.AfterCommit(() => Remember(line));
    }

    /// <summary>Somebody took the chain's row away. No change is refused for that; the new row has no tip that fits, ever.</summary>
    private static async ValueTask<ChainState> ReplaceLostAsync(IUnitOfWork unit)
    {
        await unit.ExecuteAsync("""
            INSERT INTO audit_chain (id, chain_key, ready, handed, pruned, anchor, last, head, tip)
            SELECT 1, '', 1, COALESCE(MAX(id), 0) + 1, 0, '', COALESCE(MAX(id), 0), '', '' FROM audit
            """);
        return (await unit.FirstAsync($"SELECT {Columns} FROM audit_chain WHERE id = 1", Read))!;
    }

    private static async ValueTask InsertAsync(IUnitOfWork unit, AuditLine line) =>
        await unit.ExecuteAsync(
            "INSERT INTO audit (id, at, who, what, subject, detail, address, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            line.Id, line.At.ToUnixTimeMilliseconds(), line.Who, line.What, line.Subject, line.Detail, line.Address, line.Seal);

    private async ValueTask StoreAsync(IUnitOfWork unit, ChainState before, ChainState next)
    {
        var fits = _seals!.Fits(before);
        if (!fits && Interlocked.Exchange(ref _told, 1) == 0)
            ChainChanged();
        await unit.ExecuteAsync("UPDATE audit_chain SET pruned = $1, anchor = $2, last = $3, head = $4, tip = $5 WHERE id = 1",
            next.Pruned, next.Anchor, next.Last, next.Head, fits ? _seals.Tip(next) : before.Tip);
    }

    private void Remember(AuditLine line)
    {
        lock (_gate)
        {
            if (line.Id > _newest.Line) _newest = (line.Id, line.Seal!);
        }
    }

    /// <summary>As both databases keep it: a seal is over what is read back.</summary>
    private static string? Storable(string? text) => text is null ? null : PostgresUnitOfWork.Storable(text);

    [LoggerMessage(LogLevel.Error,
        "The key of the audit log cannot be opened: {Reason} Lines have no seal until it can, and audit verify names them")]
    private partial void KeyCannotBeOpened(string reason);
    [LoggerMessage(LogLevel.Error, "Line {Line} of the audit log does not fit its seal and is not forgotten: see audit verify")]
    private partial void LineNotForgotten(long line);
    [LoggerMessage(LogLevel.Error,
        "Table audit_chain has lost what was in its row: the audit log cannot be verified any more. Restore it from a backup")]
    private partial void ChainLost();
    [LoggerMessage(LogLevel.Error, "The audit log was changed while its first lines were being sealed; audit verify names the line")]
    private partial void ChangedWhileSealed();
    [LoggerMessage(LogLevel.Warning, "Sealed {Count} lines of the audit log from before it was a chain, up to line {Line}, head {Head}")]
    private partial void LinesSealed(int count, long line, string head);
    [LoggerMessage(LogLevel.Error, "Somebody has changed table audit_chain: the audit log no longer fits its seal. See audit verify")]
    private partial void ChainChanged();
}

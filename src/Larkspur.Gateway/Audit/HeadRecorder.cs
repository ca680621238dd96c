using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Audit;

/// <summary>
/// Keeps the end of the audit log outside of the database (<see cref="KeptHeadFile"/>): every minute in which it changed, and when the
/// process stops. What was kept before is compared at the start and with each verification.
/// </summary>
/// <remarks>A log that does not fit what was kept never takes its place: whoever has looked into it removes the file.</remarks>
internal sealed partial class HeadRecorder(KeptHeadFile file, AuditChain chain, IDatabase database, TimeProvider clock,
    ILogger<HeadRecorder> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _writing = new(1);
    private KeptHead? _before;
    private AuditFlaw? _unreadable;
    private KeptHead? _written;
    private bool _fits;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _before = file.Read();
            if (_before is null && chain.Newest.Line > 0)
                NoHeadKeptBefore(file.Path);
        }
        catch (Exception e) when (e is MasterKeyException or IOException or UnauthorizedAccessException)
        {
            _unreadable = AuditFlaw.KeptUnreadable(file.Path);
            HeadUnreadable(_unreadable.Sentence.English, e.Message);
        }

        // Without a key no judgement; AuditChain has said so.
        if (_unreadable is null && chain.Seals is not null)
        {
            if (await JudgeAsync(cancellationToken) is { } flaw) FlawFound(flaw.Sentence.English);
            else _fits = true;
        }

        // Also when nothing has changed: what the previous master key sealed is sealed with the current one from now on.
        await KeepAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await KeepAsync();
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Whether the log still has the line that was kept before this start, under the same key.</summary>
    /// <returns>Null: it has, or forgot it after its time, or nothing was kept.</returns>
    public async Task<AuditFlaw?> JudgeAsync(CancellationToken cancellation)
    {
        if (_unreadable is not null) return _unreadable;
        if (_before is not { } kept || chain.Seals is not { } seals) return null;
        if (kept.Chain != seals.Chain) return AuditFlaw.BegunAnew(kept.Line);
        if (kept.Line == 0) return null;
        var (pruned, seal) = await database.ReadAsync(async sql => (
            await sql.NumberAsync("SELECT pruned FROM audit_chain WHERE id = 1") ?? 0,
            await sql.FirstAsync("SELECT seal FROM audit WHERE id = $1", static row => row.Text(0), kept.Line)), cancellation);
        if (kept.Line <= pruned) return null;
        return seal is null ? AuditFlaw.Missing(kept.Line, kept.Line)
            : AuditSeals.IsSame(seal, kept.Seal) ? null : AuditFlaw.OtherHead(kept.Line);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, clock);
        while (await ticks.WaitForNextTickAsync(stoppingToken)) await KeepAsync();
    }

    private async Task KeepAsync()
    {
        if (!_fits || chain.Seals is not { } seals) return;
        await _writing.WaitAsync();
        try
        {
            var (line, seal) = chain.Newest;
            var head = new KeptHead(seals.Chain, line, seal);
            if (head == _written) return;
            file.Write(head);
            _written = head;
        }
        catch (Exception e) when (e is MasterKeyException or IOException or UnauthorizedAccessException)
        {
            HeadNotKept(file.Path, e.Message);
        }
        finally
        {
            _writing.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "No head of the audit log was kept in {Path} before. Whether it is the log that was written earlier, it cannot say")]
    private partial void NoHeadKeptBefore(string path);
    [LoggerMessage(LogLevel.Error, "{Flaw} ({Reason})")] private partial void HeadUnreadable(string flaw, string reason);
    [LoggerMessage(LogLevel.Error, "{Flaw}. See docs/operations.md, The audit log")] private partial void FlawFound(string flaw);
    [LoggerMessage(LogLevel.Error, "The head of the audit log could not be kept in {Path}: {Reason}")]
    private partial void HeadNotKept(string path, string reason);
}

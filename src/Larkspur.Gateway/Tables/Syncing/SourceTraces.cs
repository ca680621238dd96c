using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>Takes away what a source kept for a sync that is gone: triggers, slots, what they noted.</summary>
internal sealed partial class SourceTraces(IConnections connections, SourceKinds kinds, ILogger<SourceTraces> logger)
{
    /// <summary>A source that is away keeps no sync from being forgotten: what stays there is told in the log.</summary>
    public async Task RemoveAsync(SyncRecord sync, CancellationToken cancellation)
    {
        try
        {
            if (await connections.FindAsync(sync.Owner, sync.Spec.Source.Connection, cancellation) is { } connection
                && kinds.Find(connection.Kind) is { } kind)
                await kind.ForgetAsync(connection, sync.Id, sync.Spec, cancellation);
        }
        catch (Exception e) when (e is SideAwayException or SideStoppedException)
        {
            Left(sync.Name, sync.Spec.Source.Connection, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sync {Sync} is gone, but what it kept in {Connection} (triggers, slots) could not be taken away:"
        + " {Why}")]
    private partial void Left(string sync, string connection, string why);
}

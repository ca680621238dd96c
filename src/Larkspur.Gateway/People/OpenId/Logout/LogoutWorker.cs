using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People.OpenId.Logout;

/// <summary>Tells clients of ended sessions, some at a time. What a process that dies had taken, another takes when the lease is
/// over.</summary>
internal sealed partial class LogoutWorker(IDatabase database, LogoutCalls calls, LogoutSignal signal, ILeases leases, TimeProvider clock,
    ILogger<LogoutWorker> logger) : BackgroundService
{
    /// <summary>Longer than the calls of one take.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Until it is tried again.</summary>
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new WorkLoop("Clients that are told of ended sessions", signal, leases, clock, logger).RunAsync(WorkAsync, stoppingToken);

    private async Task<bool> WorkAsync(CancellationToken stopping)
    {
        var taken = await LogoutRows.TakeAsync(database, clock.GetUtcNow(), Lease, stopping);
        await Parallel.ForEachAsync(taken, stopping, async (row, cancellation) => await TellAsync(row, cancellation));
        return taken.Count > 0;
    }

    private async Task TellAsync(PendingLogout row, CancellationToken cancellation)
    {
        var client = await database.ReadAsync(sql => OidcClient.FindAsync(sql, row.Client), cancellation);
        var problem = client?.Settings.BackchannelLogoutUri is null ? null : await calls.TellAsync(client, row, cancellation);
        if (problem is null)
        {
            await LogoutRows.EndAsync(database, row, cancellation);
        }
        else if (row.Tries >= Pauses.Length)
        {
            GivenUp(row.Client, row.Sid, problem);
            await LogoutRows.EndAsync(database, row, cancellation);
        }
        else
        {
            NotTold(row.Client, row.Sid, problem);
            await LogoutRows.PutOffAsync(database, row, clock.GetUtcNow() + Pauses[row.Tries], cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "Client {Client} was not told that session {Session} has ended ({Problem}); it is tried again")]
    private partial void NotTold(string client, string session, string problem);

    [LoggerMessage(LogLevel.Warning, "Client {Client} could not be told that session {Session} has ended: {Problem}")]
    private partial void GivenUp(string client, string session, string problem);
}

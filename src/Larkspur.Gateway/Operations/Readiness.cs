using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Operations;

/// <summary>Whether the gateway can do its work now.</summary>
internal sealed class Readiness(IDatabase database, ILeases leases, FeishuApps apps, IEnumerable<IAppStates> states,
    LongConnections connections, SecretRegistry secrets, TimeProvider clock) : IDisposable
{
    /// <summary>A probe writes; several probes a second share one write.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _single = new(1);
    private (long? At, string? Problem) _database;
    private volatile bool _warm;

    /// <summary>Everything that the first event needs was run once.</summary>
    public void WarmedUp() => _warm = true;

    public void Dispose() => _single.Dispose();

    public async Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellation)
    {
        var problem = await DatabaseProblemAsync(cancellation);
        var checks = new List<Check>
        {
            new("warm_up", _warm, _warm ? null : "still starting"),
            new("database", problem is null, problem),
            new("leases", leases.Problem is null, leases.Problem ?? $"{leases.Held.Size} of {Partitions.Count} partitions"),
            // A gateway without an app is ready for its console, where one is set.
            new("feishu", true, apps.All.Count > 0 ? null
                : "no app: set FEISHU_APP_ID, FEISHU_APP_SECRET and FEISHU_ENCRYPT_KEY or FEISHU_VERIFICATION_TOKEN, or the settings auth.feishu.* (see docs/settings.md)"),
        };
        // The platform being away is no reason to send events elsewhere: they are recorded, and answered when it is back.
        checks.AddRange(apps.All.Select(app => new Check("feishu:" + app.Name, true, app.KnownBot is null ? "bot not reached yet" : "bot reached")));
        checks.AddRange(states.SelectMany(of => of.States.Where(s => s is { Condition: not AppCondition.Connected, AppId: not null })
            .Select(s => new Check($"{of.Platform}:{s.Name}", true, $"{s.Word}: {s.Reason?.English}"))));
        // Nor is a connection that is being made: the platform sends again what nobody took. What it needs is told by the status.
        checks.AddRange(connections.All.Select(c => new Check("long_connection:" + c.App, true, c.Problem ?? LongConnectionMetrics.Word(c.Status.State))));
        return checks;
    }

    private async Task<string?> DatabaseProblemAsync(CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            if (_database.At is { } at && clock.GetElapsedTime(at) < Keep) return _database.Problem;
            string? problem = null;
            try
            {
                await database.CheckWritableAsync(cancellation).WaitAsync(Patience, clock, cancellation);
            }
            catch (StorageUnavailableException e)
            {
                problem = secrets.Hide(e.Message);
            }
            catch (TimeoutException)
            {
                problem = "the writer does not answer";
            }

            _database = (clock.GetTimestamp(), problem);
            return problem;
        }
        finally
        {
            _single.Release();
        }
    }
}

/// <summary>One condition of readiness.</summary>
internal sealed record Check(string Name, bool Ok, string? Detail);

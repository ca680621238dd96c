using System.Text.Json.Nodes;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Work on one target, which this process holds.</summary>
internal sealed class TargetRun(
    HeldTarget held, TargetAccess access, TargetCalls calls, TargetLeases leases, IDatabase database, TargetSignal signal,
    TimeProvider clock)
{
    /// <summary>A target is worked on for so long while others wait for their turn.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _begun = clock.GetUtcNow();

    /// <summary>So many resources in succession fail by the target's fault, or seem to: then it is left alone.</summary>
    private const int MostSick = 3;

    /// <summary>Pauses of a resource; who failed after the last one is tried again with everything, or when they change.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(8),
    ];

    /// <summary>What may be read of a target by whoever may use it at all.</summary>
    private const string Plain = "/Users?startIndex=1&count=1";

    private const string Config = "/ServiceProviderConfig";

    /// <summary>So long it counts that the target could be read: each that is refused does not ask anew.</summary>
    private static readonly TimeSpan PlainFor = TimeSpan.FromMinutes(1);

    private int _sick;
    private long _readAt = long.MinValue;

    public TargetRow Row => held.Row;

    public HeldTarget Held => held;

    public IDatabase Database => database;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What is learned of its look-ups.</summary>
    public RemoteIndexes Indexes { get; } = new();

    /// <summary>The target takes PATCH, as far as is known.</summary>
    public bool TakesPatch => held.Row.TakesPatch != false;

    /// <summary>To be asked before each resource: one target that is slow, or has very much to do, leaves the others their turn.</summary>
    /// <exception cref="TurnEndedException">The others' turn is now; what is left to do is found again.</exception>
    public void GoOn()
    {
        if (signal.OthersWait && Now - _begun > Turn) throw new TurnEndedException(Row.Name);
    }

    /// <summary>Calls the target while it is held.</summary>
    /// <exception cref="ScimCallException">It did not do it.</exception>
    /// <exception cref="TargetLostException">Another process has it, or it was changed.</exception>
    public async Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        await leases.BeatAsync(held, cancellation);
        // Whoever stood still since then sends nothing of what is old by now.
        if (!leases.MayCall(held)) throw new TargetLostException(Row.Name);
        try
        {
            var answer = await calls.SendAsync(access, method, path, body, cancellation);
            Volatile.Write(ref _sick, 0);
            return answer;
        }
        catch (ScimCallException e) when (e.IsSick && Interlocked.Increment(ref _sick) >= MostSick)
        {
            throw new ScimCallException("away", e.Status, e) { Detail = e.Detail, RetryAfter = e.RetryAfter };
        }
        catch (ScimCallException e) when (e.Reason is "forbidden" or "redirected" && path is not (Plain or Config))
        {
            await ReadAsync(cancellation);
            throw new ScimCallException(e.Reason == "forbidden" ? "not_allowed" : "refused", e.Status, e)
            {
                ScimType = e.ScimType, Detail = e.Detail, RetryAfter = e.RetryAfter,
            };
        }
    }

    /// <summary>Tells what concerns one resource from what concerns all: one account that is protected keeps no other waiting.</summary>
    /// <returns>False: there is no SCIM at the address.</returns>
    /// <exception cref="ScimCallException">Not even this may be read: it concerns all.</exception>
    public async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _readAt) > (Now - PlainFor).UtcTicks) return true;
        try
        {
            await CallAsync(HttpMethod.Get, Plain, null, cancellation);
        }
        catch (ScimCallException e) when (!e.ConcernsAll)
        {
            return e.Reason is not ("not_found" or "not_supported" or "bad_answer");
        }

        Volatile.Write(ref _readAt, Now.UtcTicks);
        return true;
    }

    /// <summary>Notes what became of a resource; what is as it was is not written.</summary>
    public async Task KeepAsync(ResourceRow before, ResourceRow after, CancellationToken cancellation)
    {
        if (!after.Differs(before)) return;
        await WriteAsync(unit => ResourceRows.WriteAsync(unit, Row.Id, after, Now), cancellation);
    }

    /// <summary>Writes while the target is held.</summary>
    /// <exception cref="TargetLostException">It is not any more.</exception>
    public Task WriteAsync(Func<IUnitOfWork, ValueTask> work, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await TargetLeases.FenceAsync(unit, held);
        await work(unit);
    }, cancellation);

    /// <summary>A resource that failed, and when it is tried again.</summary>
    public ResourceRow Failed(ResourceRow row, PushFailure failure, TimeSpan? wish = null)
    {
        var pause = row.Tries < Pauses.Length ? Pauses[row.Tries] : (TimeSpan?)null;
        return row with
        {
            Failure = failure, Tries = row.Tries + 1, NotBefore = pause is null ? null : Now + (wish > pause ? wish.Value : pause.Value),
        };
    }

    public ResourceRow Failed(ResourceRow row, ScimCallException e) =>
        Failed(row, new PushFailure(e.Reason, e.Status, e.ScimType, e.Detail), e.RetryAfter);

    /// <summary>It does not take PATCH: it is remembered, and PUT from now on.</summary>
    public async Task NoPatchAsync(CancellationToken cancellation)
    {
        if (!TakesPatch) return;
        await WriteAsync(async unit => await unit.ExecuteAsync("UPDATE scim_target SET patch = 0 WHERE id = $1", Row.Id), cancellation);
        held.Row = held.Row with { TakesPatch = false };
    }

    /// <summary>Asks once what the target can do. One that does not say is taken for one that takes PATCH, until it refuses it.</summary>
    public async Task LearnAsync(CancellationToken cancellation)
    {
        if (Row.TakesPatch is not null) return;
        bool? says = null;
        try
        {
            var config = await CallAsync(HttpMethod.Get, Config, null, cancellation);
            says = Mapping.ScimBodies.Truth(Mapping.ScimBodies.Member(Mapping.ScimBodies.Member(config, "patch"), "supported"));
        }
        catch (ScimCallException e) when (!e.ConcernsAll)
        {
            // Not everybody has it.
            says = null;
        }

        var takes = says ?? true;
        await WriteAsync(async unit =>
            await unit.ExecuteAsync("UPDATE scim_target SET patch = $2 WHERE id = $1", Row.Id, takes ? 1L : 0L), cancellation);
        held.Row = held.Row with { TakesPatch = takes };
    }

    /// <summary>Reads the target's row anew: somebody may have asked for something.</summary>
    /// <exception cref="TargetLostException">It was removed, or is another process's.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var row = await database.ReadAsync(sql => TargetRow.FindAsync(sql, Row.Id), cancellation);
        if (row is null || row.Fence != Row.Fence) throw new TargetLostException(Row.Name);
        held.Row = row;
    }
}

/// <summary>Other targets wait, and this one was worked on for long enough.</summary>
internal sealed class TurnEndedException(string target) : Exception($"The turn of SCIM target {target} is over.");

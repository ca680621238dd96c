using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People;

/// <summary>Forgets what is remembered of people, for who knows that the directory has changed.</summary>
internal sealed class PeopleRefresh(IDatabase database, PeopleCache people, EmployeeNumbers numbers, MemberCache members, TimeProvider clock)
{
    /// <summary>Each time the directory is read anew, which costs calls.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset? _last;

    /// <summary>Forgets people and employee numbers in this process, and members of departments and roles in all of them.</summary>
    /// <exception cref="RequestRefusedException">That was less than a minute ago.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _last < Between) throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "refreshed_lately", null, "People were forgotten less than a minute ago: each time the directory is read anew.");
            _last = now;
        }

        people.Forget();
        numbers.Forget();
        await database.TransactAsync(unit =>
        {
            unit.AfterCommit(members.Forget);
            unit.Announce(Topics.Members, 0);
            return ValueTask.CompletedTask;
        }, cancellation);
    }
}

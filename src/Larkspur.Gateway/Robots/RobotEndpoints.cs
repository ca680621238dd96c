using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Robots;

/// <summary>Group robots over REST.</summary>
internal sealed class RobotEndpoints(RobotStore robots, RobotAccess access, RobotRequests requests, RobotTester tests, IDatabase database)
{
    public async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new RobotListView(await ViewsAsync(caller, cancellation)));

    /// <summary>Those that the caller may see, by name.</summary>
    public async Task<IReadOnlyList<RobotView>> ViewsAsync(KeyGrant caller, CancellationToken cancellation)
    {
        var state = await StateAsync(cancellation);
        return [.. access.Readable(caller).Select(r => ViewOf(r, state))];
    }

    public async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(ViewOf(access.Known(caller, name, change: false), await StateAsync(cancellation)));

    public async Task<IResult> PutAsync(Body<PutRobot> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        // A name that is taken is no secret to whoever wants to take it; whose it is, is.
        if (access.IsAnothers(caller, name)) throw InUse();
        var sent = await body.ReadAsync(cancellation);
        var change = requests.Read(caller, name, sent);
        try
        {
            var created = await robots.PutAsync(caller, name, change, cancellation);
            var view = ViewOf(access.Known(caller, name, change: false), await StateAsync(cancellation));
            return created ? TypedResults.Created($"/api/v1/robots/{name}", view) : TypedResults.Ok(view);
        }
        catch (RobotRefusedException e)
        {
            throw e.Word switch
            {
                "name_in_use" => InUse(),
                "system_not_held" => KeyGrant.NotMine(),
                "platform_stays" => RobotRequests.Stays(),
                "missing" => RequestRefusedException.Malformed("missing", "/address",
                    "Somebody has just deleted it: give its platform and its address."),
                "too_many_robots" => RequestRefusedException.Impossible(e.Word, null,
                    $"There may be {RobotStore.Most} robots, and {RobotStore.MostOfSystem} of one system."),
                _ => RobotAccess.NotFound(),
            };
        }
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        access.Known(caller, name, change: true);
        try
        {
            return await robots.DeleteAsync(caller, name, cancellation) ? TypedResults.NoContent() : throw RobotAccess.NotFound();
        }
        catch (RobotRefusedException e)
        {
            throw e.Word == "system_not_held" ? KeyGrant.NotMine() : RobotAccess.NotFound();
        }
    }

    public async Task<IResult> TestAsync(HttpContext http, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await tests.RunAsync(Caller.Of(http), access.Known(Caller.Grant(http), name, change: true), cancellation));

    private static RequestRefusedException InUse() => new(StatusCodes.Status409Conflict, "name_in_use", "/{name}",
        $"Another group robot has this name: choose another one. {KeyGrant.OthersHint}");

    private Task<(Dictionary<string, RobotRecord> Health, Dictionary<string, long> Waiting)> StateAsync(CancellationToken cancellation) =>
        database.ReadAsync(async sql => (await RobotHealth.ReadAsync(sql),
            await OutboxRows.WaitingByLaneAsync(sql, OutboxScope.RobotPlatform)), cancellation);

    private static RobotView ViewOf(Robot robot, (Dictionary<string, RobotRecord> Health, Dictionary<string, long> Waiting) state)
    {
        var health = state.Health.GetValueOrDefault(robot.Id, RobotRecord.None);
        return new RobotView
        {
            Id = robot.Id, Name = robot.Name, Platform = robot.Platform, System = robot.Owner, Description = robot.Description,
            Enabled = robot.Enabled,
            State = !robot.CanSpeak ? "cannot_decrypt" : !robot.Enabled ? "off" : health.Failures > 0 ? "failing" : "active",
            Host = robot.Address?.Authority, AddressEnd = robot.AddressEnd is { Length: > 0 } end ? end : null, Signed = robot.Signs,
            Waiting = state.Waiting.GetValueOrDefault(RobotRows.LaneOf(robot.Id)), LastSuccessAt = health.SucceededAt,
            LastFailureAt = health.FailedAt,
            LastFailure = health.Failure is { } reason ? RobotFailureView.Of(reason) : null, ConsecutiveFailures = health.Failures,
            CreatedAt = robot.CreatedAt, ChangedAt = robot.ChangedAt, ChangedBy = robot.ChangedBy,
        };
    }
}

/// <summary>Their routes.</summary>
internal static class RobotRoutes
{
    public static void MapRobots(this IEndpointRouteBuilder api)
    {
        var robots = api.MapGroup("/robots");
        robots.MapGet("", (KeyGrant caller, RobotEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .Needs(ApiScopes.RobotsRead).WithName("ListRobots").WithSummary("Group robots, and how each fares").Produces<RobotListView>()
            .Refuses();
        robots.MapGet("/{name}", (string name, KeyGrant caller, RobotEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, name, cancellation))
            .Needs(ApiScopes.RobotsRead).WithName("ShowRobot").WithSummary("One of them").Produces<RobotView>().Refuses(404);
        robots.MapPut("/{name}", (Body<PutRobot> body, string name, RobotEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .Needs(ApiScopes.RobotsWrite).WithName("PutRobot").WithSummary("Add a group robot, or change what the body names of one")
            .WithDescription("The address is a secret: it is kept encrypted, and shown by its host and its last four characters alone. "
                + "422 bad_url: it is none of its platform's. signed: false takes the secret away.")
            .Produces<RobotView>().Produces<RobotView>(StatusCodes.Status201Created).Refuses(400, 403, 409, 413, 415, 422);
        robots.MapDelete("/{name}", (HttpContext http, string name, RobotEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .Needs(ApiScopes.RobotsWrite).WithName("DeleteRobot").WithSummary("Take a group robot away")
            .WithDescription("What waits for it becomes dead letters with the reason robot_deleted.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404);
        robots.MapPost("/{name}/test", (HttpContext http, string name, RobotEndpoints on, CancellationToken cancellation) =>
            on.TestAsync(http, name, cancellation))
            .Needs(ApiScopes.RobotsWrite).WithName("TestRobot")
            .WithSummary("Say a line of test text in its group now, and learn what the platform said")
            .WithDescription("Waits up to 10 seconds for the first attempt; there is no second one. It goes also while the robot is off.")
            .Produces<RobotTestView>().Refuses(403, 404);
    }
}

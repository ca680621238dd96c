using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Robots;

/// <summary><c>larkspur robots</c>: group robots of all platforms.</summary>
internal static class RobotsCommand
{
    public static Command Create() => new("robots", "Group robots of all platforms: list, show, add, change, test, delete.")
    {
        List(), Show(), RobotChanges.Add(), RobotChanges.Change(), Test(), Delete(),
    };

    private static Verb List() => new Verb("list", "All of them, and how each fares.", "larkspur robots list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Robots.ListAsync(limited))).Items, false,
            new("Robot", r => r.Name), new("Platform", r => r.Platform), new("State", r => r.State), new("Waiting", r => Number(r.Waiting)),
            new("Address", AddressOf), new("System", r => r.System), new("Last failure", r => r.LastFailure?.Reason)));

    private static Verb Show()
    {
        var name = Named.Argument("name", "The robot.");
        return new Verb("show", "One of them, without its address and its secret.", "larkspur robots show ops") { name }.Asks(async call =>
            Told(call, await call.AskAsync((client, limited) => client.Robots.ShowAsync(call.Get(name), limited))));
    }

    private static Verb Test()
    {
        var name = Named.Argument("name", "The robot.");
        return new Verb("test", "Say a line of test text in its group now, and tell what the platform said; exit 1 when it did not arrive.",
            "larkspur robots test ops") { name }.Asks(async call =>
        {
            var test = await call.AskAsync((client, limited) => client.Robots.TestAsync(call.Get(name), limited));
            var why = test.Failure is { } failure ? $": {failure.Message} ({failure.Reason})" : "";
            if (call.Json) JsonOut.Write(test);
            else Console.Out.WriteLine(Printable.Line($"{test.State}{why} (delivery {Number(test.Id)})"));
            return test.State == "delivered" ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The robot.");
        return new Verb("delete", "Take a robot away; what waits for it is not sent.",
            "larkspur robots delete ops") { name }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Robots.DeleteAsync(call.Get(name), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { name = call.Get(name), deleted = true });
            else Console.Out.WriteLine(Printable.Line($"Deleted: {call.Get(name)}"));
            return ExitCodes.Done;
        });
    }

    internal static int Told(VerbCall call, RobotView robot)
    {
        if (call.Json) JsonOut.Write(robot);
        else DetailView.Print(("robot", robot.Name), ("platform", robot.Platform), ("for", robot.Description), ("state", robot.State),
            ("address", AddressOf(robot)),
            ("signed", robot.Signed ? "yes" : "no"), ("system", robot.System), ("waiting", Number(robot.Waiting)),
                ("last success", PointInTime.Shown(robot.LastSuccessAt)),
            ("last failure", robot.LastFailureAt is { } at ? $"{PointInTime.Shown(at)}: {robot.LastFailure?.Message}" : null),
            ("failures since", robot.ConsecutiveFailures > 0 ? Number(robot.ConsecutiveFailures) : null),
            ("changed", $"{PointInTime.Shown(robot.ChangedAt)} by {robot.ChangedBy}"));
        return ExitCodes.Done;
    }

    private static string? AddressOf(RobotView robot) => robot.Host is null ? null : $"{robot.Host} …{robot.AddressEnd}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

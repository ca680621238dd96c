using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Robots;

/// <summary>Which robots there are for a caller, and which of them are his to change and to speak by.</summary>
internal sealed partial class RobotAccess(RobotStore robots)
{
    /// <summary>What a name may look like, for refusals.</summary>
    public const string NameRule =
        "A name has lower-case letters, digits, '-' and '_', begins with a letter or digit, and has at most 40 characters.";

    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Those that he may see, by name.</summary>
    public IEnumerable<Robot> Readable(KeyGrant caller) => robots.All.Where(r => IsSeen(caller, r));

    /// <summary>Whether there is one that he may not see: its name is taken, and whose it is stays its owner's.</summary>
    public bool IsAnothers(KeyGrant caller, string name) => robots.Find(name) is { } robot && !IsSeen(caller, robot);

    /// <summary>There is such a robot for this caller.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">It is to be changed, or spoken by.</param>
    /// <param name="pointer">Where the request names it.</param>
    /// <exception cref="RequestRefusedException">There is none, or it is there to be read only.</exception>
    public Robot Known(KeyGrant caller, string name, bool change, string pointer = "/{name}")
    {
        if (robots.Find(name) is not { } robot || !IsSeen(caller, robot)) throw NotFound(pointer);
        return !change || caller.MayChange(robot.Owner) ? robot : throw KeyGrant.NotMine();
    }

    /// <summary>For this caller there is none.</summary>
    public static RequestRefusedException NotFound(string pointer = "/{name}") =>
        new(StatusCodes.Status404NotFound, "not_found", pointer, $"No group robot has this name. {KeyGrant.OthersHint}");

    private static bool IsSeen(KeyGrant caller, Robot robot) => caller.MayRead(robot.Owner) && caller.MayUse(robot.App);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,39}\\z")]
    private static partial Regex Name();
}

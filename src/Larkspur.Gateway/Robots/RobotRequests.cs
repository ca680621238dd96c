using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Robots;

/// <summary>
/// Makes changes of what was entered for a robot, over REST or in the console. What it says of an address never repeats it.
/// </summary>
internal sealed class RobotRequests(RobotStore robots, RobotPlatforms platforms)
{
    /// <summary>Both platforms that sign make longer ones.</summary>
    private const int ShortestSecret = 16;

    /// <summary>Reads and judges it.</summary>
    /// <param name="caller">Who wants it.</param>
    /// <param name="name">The robot.</param>
    /// <param name="sent">What is to be.</param>
    /// <exception cref="RequestRefusedException">A field does not fit.</exception>
    public RobotChange Read(KeyGrant caller, string name, PutRobot sent)
    {
        if (!RobotAccess.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", RobotAccess.NameRule);
        var known = robots.Find(name);
        if (known is null && sent.Platform is null) throw BodyRefusals.Missing("/platform", "platform", []);
        if (known is null && sent.Address is null) throw BodyRefusals.Missing("/address", "address", []);
        var platform = platforms.Find(sent.Platform ?? known!.Platform)
            ?? throw RequestRefusedException.Impossible("bad_platform", "/platform",
                $"Group robots are there on {string.Join(", ", platforms.Names)}.");
        if (known is not null && known.Platform != platform.Platform) throw Stays();
        if (sent.Secret is not null) DemandSecret(sent.Secret, platform);
        if (sent.Signed == false && sent.Secret is not null)
            throw RequestRefusedException.Malformed("two_ways", "/signed",
                "A secret is given, and it is to sign nothing: leave one of the two out.");
        if (sent.Signed == true && sent.Secret is null && known?.Signs != true)
            throw RequestRefusedException.Impossible("bad_secret", "/secret",
                "To sign takes the secret that the robot's security settings show.");
        DemandSystem(caller, sent.System);
        return new RobotChange
        {
            Platform = sent.Platform, Address = sent.Address is { } given ? AddressOf(given, platform.Place) : null, Secret = sent.Secret,
            DropSecret = sent.Signed == false, Description = sent.Description?.Trim(), Enabled = sent.Enabled, Owner = sent.System,
        };
    }

    /// <summary>A robot stays with its platform.</summary>
    public static RequestRefusedException Stays() => RequestRefusedException.Impossible("bad_platform", "/platform",
        "A robot stays with its platform: delete it, or give the other one another name.");

    private static Uri AddressOf(string given, RobotPlace place) =>
        Uri.TryCreate(given.Trim(), UriKind.Absolute, out var address) && place.CredentialOf(address) is not null ? address
            : throw RequestRefusedException.Impossible("bad_url", "/address",
                $"This is no address of a group robot of this platform, which looks like {place.Example}: copy the whole of it from the "
                    + "group's settings.");

    private static void DemandSecret(string secret, IRobotPlatform platform)
    {
        if (!platform.Signs) throw RequestRefusedException.Impossible("bad_secret", "/secret",
            "Robots of this platform sign nothing: leave the secret out.");
        // A short one would be a word, and be hidden wherever it stands in the logs.
        if (secret.Length < ShortestSecret || secret.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw RequestRefusedException.Impossible("bad_secret", "/secret",
                $"A secret is what the robot's security settings show under signature: {ShortestSecret} characters or more, no blanks.");
    }

    /// <summary>The caller may give it to whose it is to be.</summary>
    private static void DemandSystem(KeyGrant caller, string? system)
    {
        if (system is null) return;
        if (system.Length > 0 && !ListedName.IsSound(system))
            throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        if (!caller.MayChange(system))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                $"The calling key belongs to another system: giving a robot to this one takes {ApiScopes.OthersWrite}.");
        }
    }
}

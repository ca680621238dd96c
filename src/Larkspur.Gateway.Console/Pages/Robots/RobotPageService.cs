using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Console.Pages.Robots;

/// <summary>What the page does with group robots, under the rules of the REST API.</summary>
internal sealed class RobotPageService(RobotEndpoints endpoints, RobotStore robots, RobotRequests requests, RobotPlatforms platforms,
    RobotTester tests)
{
    /// <summary>The platforms that have robots.</summary>
    public IReadOnlyList<string> Platforms => platforms.Names;

    /// <summary>How a robot's address looks on a platform.</summary>
    public string ExampleOf(string platform) => platforms.Find(platform)?.Place.Example ?? "";

    /// <summary>Robots of a platform can sign what they say.</summary>
    public bool Signs(string platform) => platforms.Find(platform)?.Signs ?? false;

    public Task<IReadOnlyList<RobotView>> ListAsync(CancellationToken cancellation) =>
        endpoints.ViewsAsync(new KeyGrant(Actor.System), cancellation);

    /// <summary>Adds a robot.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, the name is taken, or there are too many.</exception>
    public Task AddAsync(Actor who, RobotDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (!RobotAccess.IsName(name)) throw new ActionRefusedException(RobotsTexts.BadName);
        if (robots.Find(name) is not null) throw new ActionRefusedException(RobotsTexts.Taken);
        if (string.IsNullOrWhiteSpace(draft.Address)) throw new ActionRefusedException(RobotsTexts.AddressMissing);
        return PutAsync(who, name, new PutRobot
        {
            Platform = draft.Platform, Address = draft.Address.Trim(), Secret = Signs(draft.Platform) ? Given(draft.Secret) : null,
            Description = draft.Description, System = Given(draft.System),
        }, mustBeNew: true, cancellation);
    }

    /// <summary>Changes a robot; what is left empty of address and secret stays.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or it is not there any more.</exception>
    public Task ChangeAsync(Actor who, RobotDraft draft, CancellationToken cancellation) => PutAsync(who, draft.Name, new PutRobot
    {
        Address = Given(draft.Address), Secret = draft.DropSecret ? null : Given(draft.Secret), Signed = draft.DropSecret ? false : null,
        Description = draft.Description, System = draft.System.Trim(),
    }, mustBeNew: false, cancellation);

    /// <summary>Lets it speak, or lets what it is to say wait.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task SwitchAsync(Actor who, string name, bool enabled, CancellationToken cancellation) =>
        PutAsync(who, name, new PutRobot { Enabled = enabled }, mustBeNew: false, cancellation);

    /// <summary>Takes a robot away.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task DeleteAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (!await robots.DeleteAsync(new KeyGrant(who), name, cancellation)) throw new ActionRefusedException(RobotsTexts.Missing);
    }

    /// <summary>Says a line of test text in the group, and waits for what the platform says.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task<RobotTestView> TestAsync(Actor who, string name, CancellationToken cancellation) =>
        robots.Find(name) is { } robot ? tests.RunAsync(who, robot, cancellation) : throw new ActionRefusedException(RobotsTexts.Missing);

    private async Task PutAsync(Actor who, string name, PutRobot sent, bool mustBeNew, CancellationToken cancellation)
    {
        var grant = new KeyGrant(who);
        if (!mustBeNew && robots.Find(name) is null) throw new ActionRefusedException(RobotsTexts.Missing);
        try
        {
            var change = requests.Read(grant, name, sent) with { MustBeNew = mustBeNew, MustExist = !mustBeNew };
            await robots.PutAsync(grant, name, change, cancellation);
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException(e.Word switch
            {
                "bad_url" => RobotsTexts.BadAddress(ExampleOf(sent.Platform ?? robots.Find(name)?.Platform ?? "")),
                "bad_secret" => RobotsTexts.BadSecret,
                "bad_name" => RobotsTexts.BadSystem,
                _ => RefusalTexts.Of(e),
            });
        }
        catch (RobotRefusedException e)
        {
            throw new ActionRefusedException(e.Word switch
            {
                "name_in_use" => RobotsTexts.Taken,
                "too_many_robots" => RobotsTexts.TooMany(RobotStore.Most, RobotStore.MostOfSystem),
                _ => RobotsTexts.Missing,
            });
        }
    }

    private static string? Given(string text) => text.Trim() is { Length: > 0 } given ? given : null;
}

using Larkspur.DingTalk.Contacts;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>What the company's contacts say of people, as far as the app may see them.</summary>
/// <remarks>A missing person or field is usual: the app lacks the permission, or she is out of its range. Nothing may depend on one. Reading contacts costs nothing of the month.</remarks>
internal sealed class DingTalkPeople(DingTalkApps apps, TimeProvider clock, ILogger<DingTalkPeople> logger)
{
    private readonly RememberedPeople<DingTalkPerson> _people = new(clock, logger);

    /// <summary>The person, or null when the app may not see her or the platform does not answer quickly.</summary>
    public ValueTask<DingTalkPerson?> FindAsync(string app, string userId, CancellationToken cancellation) =>
        _people.FindAsync(app, userId, async limit => await apps.Get(app).Client.Contacts.GetAsync(userId, limit), cancellation);
}

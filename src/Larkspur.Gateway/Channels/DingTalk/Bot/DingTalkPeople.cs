using System.Collections.Concurrent;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Contacts;

namespace Larkspur.Gateway.Channels.DingTalk.Bot;

/// <summary>What the company's contacts say of people, as far as the app may see them.</summary>
/// <remarks>A missing person or field is usual: the app lacks the permission, or she is out of its range. Nothing may depend on one. Reading contacts costs nothing of the month.</remarks>
internal sealed class DingTalkPeople(DingTalkApps apps, TimeProvider clock, ILogger<DingTalkPeople> logger)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan KeepPerson = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepAbsence = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<(string App, string UserId), Known> _known = new();

    /// <summary>The person, or null when the app may not see her or the platform does not answer quickly.</summary>
    public async ValueTask<DingTalkPerson?> FindAsync(string app, string userId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue((app, userId), out var known) && known.Until > now) return known.Person;
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var person = await apps.Get(app).Client.Contacts.GetAsync(userId, both.Token);
            return Keep(app, userId, person, now + KeepPerson);
        }
        catch (PlatformApiException e)
        {
            logger.LogInformation("A person is not to be seen in the contacts: {Reason}", e.Message);
            return Keep(app, userId, null, now + KeepAbsence);
        }
        catch (Exception e) when (e is PlatformNetworkException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.LogInformation("The contacts did not answer: {Reason}", e.Message);
            // Soon again, and not with every message: each would wait.
            return Keep(app, userId, null, now + KeepAbsence / 5);
        }
    }

    private DingTalkPerson? Keep(string app, string userId, DingTalkPerson? person, DateTimeOffset until)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[(app, userId)] = new Known(person, until);
        return person;
    }

    private sealed record Known(DingTalkPerson? Person, DateTimeOffset Until);
}

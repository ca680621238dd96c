using System.Collections.Concurrent;
using Larkspur.Feishu.Api;
using Larkspur.Feishu;
using Larkspur.Gateway.Bots;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>Names of people, as far as the app may see them.</summary>
/// <remarks>A missing name is usual: the app may lack the scope, or the person may be outside its contact range. Nothing may depend on one.</remarks>
internal sealed class FeishuPeople(FeishuApps apps, TimeProvider clock, ILogger<FeishuPeople> logger)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan KeepName = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepAbsence = TimeSpan.FromMinutes(5);
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(1.5), MaxAttempts = 1 };

    private readonly ConcurrentDictionary<(string App, string OpenId), Known> _known = new();

    /// <summary>The person, or null when the app may not see them or the directory does not answer quickly.</summary>
    public async ValueTask<FeishuPerson?> FindAsync(string app, string openId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue((app, openId), out var known) && known.Until > now) return known.Person;
        try
        {
            var person = await AskAsync(app, openId, cancellation);
            Keep(app, openId, person, now + KeepName);
            return person;
        }
        catch (PlatformApiException e)
        {
            logger.LogInformation("The name of a person is not to be had: {Reason}", e.Message);
            if (!e.IsTransient) Keep(app, openId, null, now + KeepAbsence);
        }
        catch (PlatformNetworkException e)
        {
            logger.LogInformation("The directory did not answer: {Reason}", e.Message);
        }

        // Older than one would like, but better than to forget in which departments somebody is.
        return known?.Person;
    }

    private async Task<FeishuPerson?> AskAsync(string app, string openId, CancellationToken cancellation)
    {
        var answer = await apps.Get(app).Client.Contact.V3.User.GetAsync(new() { UserId = openId, UserIdType = "open_id" }, Call, cancellation);
        return answer.User is { } user
            ? new FeishuPerson(user.Name, user.EnName, user.UserId, user.UnionId) { Email = user.EnterpriseEmail, Departments = user.DepartmentIds }
            : null;
    }

    private void Keep(string app, string openId, FeishuPerson? person, DateTimeOffset until)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[(app, openId)] = new Known(person, until);
    }

    private sealed record Known(FeishuPerson? Person, DateTimeOffset Until);
}

/// <summary>A person in the directory. Absent fields were not permitted; they are not empty.</summary>
internal sealed record FeishuPerson(string? Name, string? EnName, string? UserId, string? UnionId)
{
    /// <summary>Work mail address, of the company's directory.</summary>
    public string? Email { get; init; }

    /// <summary>Ids of the departments that the person is in; null: not permitted to be seen.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>The name as readers of the language know it; null when it may not be seen.</summary>
    public string? NameIn(Language language) => language == Language.English && EnName is { Length: > 0 } ? EnName : Name;
}

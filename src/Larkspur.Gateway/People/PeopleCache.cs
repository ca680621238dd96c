using System.Collections.Concurrent;

namespace Larkspur.Gateway.People;

/// <summary>Who was found a while ago, and who was not. Per app: open ids differ.</summary>
internal sealed class PeopleCache(TimeProvider clock)
{
    /// <summary>People change their addresses rarely.</summary>
    public static readonly TimeSpan KeepFound = TimeSpan.FromHours(1);

    /// <summary>Somebody who is missing may be added any minute.</summary>
    public static readonly TimeSpan KeepUnknown = TimeSpan.FromMinutes(5);

    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(string App, PersonAddress Address), (PersonMatch Match, DateTimeOffset Until)> _known = new();

    /// <summary>What is still known, or null.</summary>
    public PersonMatch? Find(string app, PersonAddress address) =>
        _known.TryGetValue((app, address.Normal), out var known) && known.Until > clock.GetUtcNow() ? known.Match with { Address = address } : null;

    public void Keep(string app, PersonMatch match)
    {
        if (_known.Count >= Most) MakeRoom();
        _known[(app, match.Address.Normal)] = (match, clock.GetUtcNow() + (match.Person is null ? KeepUnknown : KeepFound));
    }

    /// <summary>Everybody is looked up anew.</summary>
    public void Forget() => _known.Clear();

    private void MakeRoom()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, known) in _known)
        {
            if (known.Until <= now) _known.TryRemove(key, out _);
        }

        if (_known.Count >= Most) _known.Clear();
    }
}

using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Auth;

internal enum TokenState { Valid, Expired, Unknown }

/// <summary>Tokens of the application and of people who signed in. Virtual time.</summary>
internal sealed class AccessTokens(EmulatedWorld world)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(7200);
    public static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _app = [];
    private readonly Dictionary<string, (string UserId, DateTimeOffset Expires)> _people = [];
    private readonly Dictionary<string, (string UserId, DateTimeOffset Expires)> _refresh = [];
    private string? _present;

    /// <summary>The same token as long as it lives; each request renews its life.</summary>
    public string ForApp()
    {
        var now = world.Clock.GetUtcNow();
        lock (_gate)
        {
            if (_present is null || _app[_present] <= now)
            {
                if (_app.Count >= Most) _app.Clear();
                _present = world.Ids.Next("");
            }

            _app[_present] = now + Life;
            return _present;
        }
    }

    public TokenState Judge(string token)
    {
        lock (_gate)
        {
            return !_app.TryGetValue(token, out var expires) ? TokenState.Unknown : expires > world.Clock.GetUtcNow() ? TokenState.Valid : TokenState.Expired;
        }
    }

    public (string Access, string Refresh) ForPerson(string userId)
    {
        var now = world.Clock.GetUtcNow();
        lock (_gate)
        {
            if (_people.Count >= Most) _people.Clear();
            if (_refresh.Count >= Most) _refresh.Clear();
            var (access, refresh) = (world.Ids.Next(""), world.Ids.Next(""));
            _people[access] = (userId, now + Life);
            _refresh[refresh] = (userId, now + RefreshLife);
            return (access, refresh);
        }
    }

    public string? PersonOf(string token)
    {
        lock (_gate) return _people.TryGetValue(token, out var held) && held.Expires > world.Clock.GetUtcNow() ? held.UserId : null;
    }

    public string? PersonOfRefresh(string token)
    {
        lock (_gate) return _refresh.TryGetValue(token, out var held) && held.Expires > world.Clock.GetUtcNow() ? held.UserId : null;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _app.Clear();
            _people.Clear();
            _refresh.Clear();
            _present = null;
        }
    }
}

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>How somebody came in. A code of one way is worth nothing on the other (UNVERIFIED: seen in use, not written).</summary>
internal enum SignInWay
{
    /// <summary>The sign-in page: for <c>userAccessToken</c>.</summary>
    Page,

    /// <summary>A page that is open inside the DingTalk client: for <c>getuserinfo</c>.</summary>
    Client,
}

/// <summary>A sign-in: who, and over which page.</summary>
/// <param name="WithCorp">They chose an organisation (scope <c>corpid</c>).</param>
/// <param name="ClientId">The other application whose page it was; <see langword="null"/>: this one.</param>
internal readonly record struct SignIn(string UserId, SignInWay Way, bool WithCorp = false, string? ClientId = null);

/// <summary>What a page gets when a person signs in, and gives back once within five minutes of virtual time.</summary>
internal sealed class SignInCodes(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SignIn Who, DateTimeOffset Expires)> _codes = [];
    private readonly Queue<string> _order = [];

    public string Issue(SignIn who)
    {
        var code = state.Ids.Next("");
        lock (_gate)
        {
            _codes[code] = (who, state.Clock.GetUtcNow() + Life);
            _order.Enqueue(code);
            if (_order.Count > Most) _codes.Remove(_order.Dequeue());
        }

        return code;
    }

    /// <returns>Who signed in; <see langword="null"/> when the code was never given out for this way and application, is used, or too
    /// old.</returns>
    public SignIn? Take(string code, SignInWay way)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var held) || held.Who.Way != way || held.Who.ClientId is not null) return null;
            _codes.Remove(code);
            return held.Expires > state.Clock.GetUtcNow() ? held.Who : null;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _codes.Clear();
            _order.Clear();
        }
    }
}

namespace Larkspur.Emulator.DingTalk.Auth;

internal enum TokenState { Valid, Expired, Unknown }

/// <summary>Tokens of the application. Virtual time.</summary>
internal sealed class AccessTokens(EmulatorState state) : IResettableState
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(7200);
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _app = [];
    private string? _present;

    /// <summary>The same token as long as it lives; each request renews its life.</summary>
    public string ForApp()
    {
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            if (_present is null || _app[_present] <= now)
            {
                if (_app.Count >= Most) _app.Clear();
                _present = state.Ids.Next("");
            }

            _app[_present] = now + Life;
            return _present;
        }
    }

    public TokenState Check(string token)
    {
        lock (_gate)
        {
            return !_app.TryGetValue(token, out var expires) ? TokenState.Unknown : expires > state.Clock.GetUtcNow() ? TokenState.Valid : TokenState.Expired;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _app.Clear();
            _present = null;
        }
    }
}

using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>What a page gets when a person signs in, and gives back once within five minutes of virtual time.</summary>
internal sealed class SignInCodes(EmulatedWorld world)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string UserId, DateTimeOffset Expires)> _codes = [];
    private readonly Queue<string> _order = [];

    public string Issue(string userId)
    {
        var code = world.Ids.Next("");
        lock (_gate)
        {
            _codes[code] = (userId, world.Clock.GetUtcNow() + Life);
            _order.Enqueue(code);
            if (_order.Count > Most) _codes.Remove(_order.Dequeue());
        }

        return code;
    }

    /// <returns>Who signed in; <see langword="null"/> when the code was never given out, is used, or too old.</returns>
    public string? Take(string code)
    {
        lock (_gate) return _codes.Remove(code, out var held) && held.Expires > world.Clock.GetUtcNow() ? held.UserId : null;
    }

    public void Clear()
    {
        lock (_gate)
        {
            _codes.Clear();
            _order.Clear();
        }
    }
}

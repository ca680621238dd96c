namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Who was asked for their details, and what they said: they are not asked again for 30 days of virtual time.</summary>
internal sealed class PrivateConsents(EmulatorState state) : IResettableState
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);
    private const int Most = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (bool Shares, DateTimeOffset Ends)> _said = new(StringComparer.Ordinal);

    public void Keep(string userId, bool shares)
    {
        lock (_gate)
        {
            if (_said.Count >= Most) _said.Clear();
            _said[userId] = (shares, state.Clock.GetUtcNow() + Life);
        }
    }

    /// <returns>Whether they agreed; <see langword="null"/>: they have to be asked.</returns>
    public bool? Of(string userId)
    {
        lock (_gate) return _said.TryGetValue(userId, out var said) && said.Ends > state.Clock.GetUtcNow() ? said.Shares : null;
    }

    public void Reset()
    {
        lock (_gate) _said.Clear();
    }
}

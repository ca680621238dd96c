using System.Collections.Immutable;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>What a person lets an app do in their name.</summary>
/// <param name="UserId">Whose; by <see cref="Person.UserId"/>.</param>
/// <param name="Scopes"><see langword="null"/>: whatever the app itself may, as the pages from before scopes give it.</param>
internal sealed record Consent(string AppId, string UserId, ImmutableSortedSet<string>? Scopes)
{
    public const string OfflineAccess = "offline_access";

    /// <summary>The app may stay signed in.</summary>
    public bool Offline => Scopes?.Contains(OfflineAccess) == true;
}

/// <summary>What people granted to apps so far: it grows with each sign-in, and ends when they or the administrator take it back.</summary>
internal sealed class Consents : IResettableState
{
    private const int Most = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string AppId, string UserId), ImmutableSortedSet<string>> _granted = [];

    /// <summary>Adds what a sign-in asked for, and tells what holds now. To stay signed in is asked for each time.</summary>
    /// <param name="asked"><see langword="null"/>: the page knew of no scopes.</param>
    public Consent Give(string appId, string userId, ImmutableSortedSet<string>? asked)
    {
        if (asked is null) return new Consent(appId, userId, null);
        lock (_gate)
        {
            if (_granted.Count >= Most) _granted.Clear();
            var lasting = asked.Remove(Consent.OfflineAccess);
            var all = _granted.TryGetValue((appId, userId), out var before) ? before.Union(lasting) : lasting;
            _granted[(appId, userId)] = all;
            return new Consent(appId, userId, asked.Contains(Consent.OfflineAccess) ? all.Add(Consent.OfflineAccess) : all);
        }
    }

    /// <param name="appId"><see langword="null"/>: of every app.</param>
    /// <param name="userId"><see langword="null"/>: of everybody.</param>
    public void TakeBack(string? appId, string? userId)
    {
        lock (_gate)
        {
            foreach (var key in _granted.Keys.Where(k => (appId ?? k.AppId) == k.AppId && (userId ?? k.UserId) == k.UserId).ToArray())
                _granted.Remove(key);
        }
    }

    public void Reset()
    {
        lock (_gate) _granted.Clear();
    }
}

using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>
/// Finds sessions for callers who may be anybody. What wrong tokens and wrong names cost the database is bounded by address and in all;
/// whoever has a good one gets in all the same, also from an address that others have used up: behind a proxy that is everybody's.
/// </summary>
internal sealed class SessionLookup(WebSessionStore store, OpenSessions open, TimeProvider clock)
{
    /// <summary>Looks a minute for what is found not to be there, of all addresses together; as many at once.</summary>
    private const int MostInAll = 600;

    private readonly UnknownSessions _unknown = new(clock);
    private readonly TokenBucket _all = new(MostInAll, MostInAll, clock);
    private readonly FailedAttempts _tokens = new(clock);
    private readonly FailedAttempts _names = new(clock);

    /// <summary>The session of a token, open or ended.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Nobody can say.</exception>
    public ValueTask<SessionFinding> OfTokenAsync(HttpContext http, string token)
    {
        if (!SessionToken.LooksLike(token)) return ValueTask.FromResult(Missed(http, _tokens));
        var hash = SessionToken.Hash(token);
        return FindAsync(http, SessionKey.OfHash(hash), _tokens, () => store.OfHashAsync(hash, http.RequestAborted));
    }

    /// <summary>The session of a name, open or ended. A name is no secret, so wrong ones do not count as wrong tokens.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Nobody can say.</exception>
    public async ValueTask<WebSession?> OfNameAsync(HttpContext http, string name) => !WebSession.IsName(name) ? null
        : (await FindAsync(http, SessionKey.OfName(name), _names, () => store.FindAsync(name, http.RequestAborted))).Session;

    private async ValueTask<SessionFinding> FindAsync(HttpContext http, UInt128 key, FailedAttempts attempts, Func<Task<WebSession?>> read)
    {
        var taken = false;
        if (!open.Has(key))
        {
            if (_unknown.Has(key)) return Missed(http, attempts);
            // Before the look, not after it: who asks many things at once has no more attempts by that.
            taken = TryTake(http, attempts, out var wait);
            if (!taken && !await open.LookAsync(key, http.RequestAborted)) return new SessionFinding(null, wait);
        }

        if (await read() is not { } session)
        {
            open.Remove(key);
            _unknown.Add(key);
            return new SessionFinding(null, null);
        }

        // Ended ones cost what wrong ones cost.
        if (!session.IsOpenAt(clock.GetUtcNow())) open.Remove(key);
        else
        {
            open.Add(key);
            if (taken) Return(http, attempts);
        }

        return new SessionFinding(session, null);
    }

    private static SessionFinding Missed(HttpContext http, FailedAttempts attempts) =>
        new(null, attempts.TryTake(http, out var wait) ? null : wait);

    private bool TryTake(HttpContext http, FailedAttempts attempts, out TimeSpan wait)
    {
        if (!attempts.TryTake(http, out wait)) return false;
        if (_all.TryTake(out wait)) return true;
        attempts.Return(http);
        return false;
    }

    private void Return(HttpContext http, FailedAttempts attempts)
    {
        attempts.Return(http);
        _all.Return();
    }
}

/// <summary>What a look for a session came to.</summary>
/// <param name="Session">The session, open or ended; null: there is none, or nobody looked.</param>
/// <param name="Wait">Nobody looked, because the address has used its attempts up: when it has one again.</param>
internal readonly record struct SessionFinding(WebSession? Session, TimeSpan? Wait);

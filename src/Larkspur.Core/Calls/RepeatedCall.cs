using System.Runtime.ExceptionServices;

namespace Larkspur;

/// <summary>One call to a platform: token, turn, try, judgement, and another try where it is safe, all within one deadline.</summary>
/// <remarks>
/// Tried again: refusals that had no effect (limits, write conflicts, connections that were never made), always; server errors and lost answers,
/// only when the call is repeatable. A body that cannot be rewound is never sent twice. A refused token is renewed once and costs no try.
/// </remarks>
/// <typeparam name="T">What a good answer becomes.</typeparam>
/// <param name="platform">Which platform: <c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</param>
/// <param name="clock">Source of time.</param>
/// <param name="backoff">Pauses where the platform names none.</param>
public abstract class RepeatedCall<T>(string platform, TimeProvider clock, Backoff backoff)
{
    /// <summary>The call in error texts.</summary>
    protected abstract string Name { get; }

    /// <summary>Time for everything: token, turns, tries, pauses.</summary>
    protected abstract TimeSpan Timeout { get; }

    /// <summary>Tries at most, the first included.</summary>
    protected abstract int MaxAttempts { get; }

    /// <summary>The call only reads, so no effect can be in doubt.</summary>
    protected abstract bool OnlyReads { get; }

    /// <summary>Repeating the call cannot do a thing twice.</summary>
    protected abstract bool IsRepeatable { get; }

    /// <summary>The body can be sent again from its start.</summary>
    protected virtual bool CanRewind => true;

    /// <summary>Gets the token and waits for a turn. Nothing was sent when this fails.</summary>
    protected abstract ValueTask ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Sends it once and reads the answer.</summary>
    /// <exception cref="PlatformApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">There was no answer.</exception>
    protected abstract Task<T> SendAsync(CancellationToken cancellationToken);

    /// <summary>The platform refused our own token: it was forgotten, and a new one may be better. Asked once in a call.</summary>
    protected virtual bool ForgetToken(PlatformApiException refused) => false;

    /// <summary>Lets everybody who shares the limit wait.</summary>
    /// <returns>True: the next turn includes the pause.</returns>
    protected virtual bool PauseOthers(PlatformApiException refused, TimeSpan pause) => false;

    /// <summary>A try failed.</summary>
    protected virtual void Failed(int attempt, Exception why)
    {
    }

    /// <summary>Another try follows.</summary>
    /// <param name="pause">After this time.</param>
    /// <param name="attempt">Its number.</param>
    /// <param name="why">What the one before it had; null: its token was refused.</param>
    protected virtual void Retrying(TimeSpan pause, int attempt, Exception? why)
    {
    }

    /// <summary>Does it.</summary>
    /// <exception cref="PlatformApiException">The platform said no, and trying again is not safe, does not help, or did not.</exception>
    /// <exception cref="PlatformNetworkException">There was no answer in time.</exception>
    /// <exception cref="CallStoppedException">The caller's <see cref="CallGate"/> said no, and nothing was sent.</exception>
    public async Task<T> RunAsync(CancellationToken cancellationToken)
    {
        Func<bool>? mayGo = CallGate.Take();
        using var deadline = new CallDeadline(Timeout, clock, cancellationToken);
        int most = Math.Max(1, MaxAttempts);
        bool tokenRenewed = false;
        Exception? last = null;
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            bool started = false;
            try
            {
                await ReadyAsync(deadline.Token);
                if (mayGo?.Invoke() == false)
                {
                    // What an earlier try left open stays open.
                    if (last is not null) ExceptionDispatchInfo.Throw(last);
                    throw new CallStoppedException();
                }

                started = true;
                return await SendAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                // Without the deadline's doing it is the token that did not come in the time that the cache gives to a fetch.
                cancellationToken.ThrowIfCancellationRequested();
                if (!started && last is not null) ExceptionDispatchInfo.Throw(last);
                string what = started ? "had no answer" : "was not sent (it waited for its turn under the rate limit, or for a token)";
                string limit = deadline.Token.IsCancellationRequested ? $" within {deadline.Total}" : "";
                throw new PlatformNetworkException(platform, $"{Name} {what}{limit}.", effectUnknown: started && !OnlyReads, timedOut: true, last);
            }
            catch (PlatformApiException refused) when (started && !tokenRenewed && ForgetToken(refused))
            {
                tokenRenewed = true;
                if (!CanRewind) throw;
                Retrying(TimeSpan.Zero, attempt, null);
                attempt--;
                continue;
            }
            catch (PlatformApiException refused) when (started)
            {
                Failed(attempt, refused);
                pause = refused.RetryAfter is { Ticks: > 0 } asked ? asked : backoff.Next(attempt);
                bool included = PauseOthers(refused, pause);
                bool safe = refused.NothingHappened || IsRepeatable;
                if (attempt >= most || !refused.IsTransient || !safe || !CanRewind || pause >= deadline.Remaining) throw;
                if (included) pause = TimeSpan.Zero;
                last = refused;
            }
            catch (PlatformNetworkException lost) when (started)
            {
                Failed(attempt, lost);
                bool safe = !lost.EffectUnknown || IsRepeatable;
                pause = backoff.Next(attempt);
                if (attempt >= most || !safe || !CanRewind || pause >= deadline.Remaining) throw;
                last = lost;
            }

            Retrying(pause, attempt + 1, last);
            if (pause > TimeSpan.Zero) await PauseAsync(pause, deadline, last, cancellationToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CallDeadline deadline, Exception last, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, clock, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(last);
        }
    }
}

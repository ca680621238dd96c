using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Larkspur;

/// <summary>
/// One call to a platform: token, permit, try, and another try where it is safe, all within one deadline; counted and traced.
/// </summary>
/// <remarks>
/// Tried again: refusals that had no effect (limits, write conflicts, connections that were never made), always; server errors and lost
/// answers,
/// only when the call is repeatable. A body that cannot be rewound is never sent twice. A refused token is renewed once and costs no try.
/// </remarks>
/// <typeparam name="T">What a good answer becomes.</typeparam>
/// <param name="metrics">The platform, and what is counted and traced of its calls.</param>
/// <param name="clock">Source of time.</param>
/// <param name="backoff">Pauses where the platform names none.</param>
/// <param name="logger">Failed tries (debug) and repeated ones (information).</param>
public abstract class RepeatedCall<T>(CallMetrics metrics, TimeProvider clock, Backoff backoff, ILogger logger)
{
    /// <summary>The endpoint's id: in error texts, in the log and in metrics.</summary>
    protected abstract string Name { get; }

    /// <summary>Time for everything: token, permits, tries, pauses.</summary>
    protected abstract TimeSpan Timeout { get; }

    /// <summary>Tries at most, the first included.</summary>
    protected abstract int MaxAttempts { get; }

    /// <summary>The call only reads, so no effect can be in doubt.</summary>
    protected abstract bool OnlyReads { get; }

    /// <summary>Repeating the call cannot do a thing twice.</summary>
    protected abstract bool IsRepeatable { get; }

    /// <summary>The body can be sent again from its start.</summary>
    protected virtual bool CanRewind => true;

    /// <summary>Gets the token and waits for a permit. Nothing was sent when this fails.</summary>
    protected abstract ValueTask ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Sends it once and reads the answer.</summary>
    /// <exception cref="PlatformApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">There was no answer.</exception>
    protected abstract Task<T> SendAsync(CancellationToken cancellationToken);

    /// <summary>The platform refused our own token: it was forgotten, and a new one may be better. Asked once in a call.</summary>
    protected virtual bool ForgetToken(PlatformApiException refused) => false;

    /// <summary>Lets everybody who shares the limit wait.</summary>
    /// <returns>True: the next permit includes the pause.</returns>
    protected virtual bool PauseOthers(PlatformApiException refused, TimeSpan pause) => false;

    /// <summary>The platform refused a try: what the platform's codes say is logged here.</summary>
    protected virtual void Refused(int attempt, PlatformApiException refused)
    {
    }

    /// <summary>Adds tags to the call's activity when it has ended.</summary>
    protected virtual void Describe(Activity activity)
    {
    }

    /// <summary>Makes the call.</summary>
    /// <exception cref="PlatformApiException">The platform said no, and trying again is not safe, does not help, or did not.</exception>
    /// <exception cref="PlatformNetworkException">There was no answer in time.</exception>
    /// <exception cref="CallStoppedException">The caller's <see cref="CallGate"/> said no, and nothing was sent.</exception>
    public Task<T> RunAsync(CancellationToken cancellationToken)
        => metrics.TraceAsync(Name, () => RepeatAsync(cancellationToken), Describe);

    private async Task<T> RepeatAsync(CancellationToken cancellationToken)
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
                string what = started ? "had no answer" : "was not sent (it waited for its permit under the rate limit, or for a token)";
                string limit = deadline.Token.IsCancellationRequested ? $" within {deadline.Total}" : "";
                throw new PlatformNetworkException(
                    metrics.Platform, $"{Name} {what}{limit}.", effectUnknown: started && !OnlyReads, timedOut: true, last);
            }
            catch (PlatformApiException refused) when (started && !tokenRenewed && ForgetToken(refused))
            {
                tokenRenewed = true;
                if (!CanRewind) throw;
                metrics.Retried(Name, "token");
                attempt--;
                continue;
            }
            catch (PlatformApiException refused) when (started)
            {
                Refused(attempt, refused);
                pause = refused.RetryAfter is { Ticks: > 0 } asked ? asked : backoff.Next(attempt);
                bool included = PauseOthers(refused, pause);
                bool safe = refused.NothingHappened || IsRepeatable;
                if (attempt >= most || !refused.IsTransient || !safe || !CanRewind || pause >= deadline.Remaining) throw;
                if (included) pause = TimeSpan.Zero;
                last = refused;
            }
            catch (PlatformNetworkException lost) when (started)
            {
                CallLog.NoAnswer(logger, Name, attempt, lost.Message);
                bool safe = !lost.EffectUnknown || IsRepeatable;
                pause = backoff.Next(attempt);
                if (attempt >= most || !safe || !CanRewind || pause >= deadline.Remaining) throw;
                last = lost;
            }

            string reason = last is PlatformApiException ? CallMetrics.OutcomeOf(last) : "network";
            CallLog.Retrying(logger, Name, pause, attempt + 1, reason);
            metrics.Retried(Name, reason);
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

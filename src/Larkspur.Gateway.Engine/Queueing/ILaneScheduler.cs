namespace Larkspur.Gateway.Queueing;

/// <summary>Chooses which of the ready lanes goes next, and when. Its methods are called under the queue's lock, so they are quick and call nothing back.</summary>
internal interface ILaneScheduler<T> where T : class, IQueuedRow
{
    /// <summary>The lane is ready; said again when another entry has become its head.</summary>
    void Offer(Lane<T> lane);

    /// <summary>The lane is not ready any more.</summary>
    void Withdraw(Lane<T> lane);

    /// <summary>The lane is ready, and will not be chosen for as long as something lasts that has nothing to do with it: it may wait in the
    /// table.</summary>
    bool IsStuck(Lane<T> lane) => false;

    /// <summary>Work on an entry begins; <see cref="Ended"/> is said as surely.</summary>
    void Begins(T entry);

    /// <summary>Nobody works on it any more.</summary>
    void Ended(T entry);

    /// <summary>What runs should come back, if it has not really begun: something goes before it, or its partition goes to another process.</summary>
    void Recall(T running);

    /// <summary>Has lanes worked on until <paramref name="stopping"/>, and returns when nothing runs any more.</summary>
    /// <param name="workOn">Works on the head of a lane, and returns at once when the lane is not ready after all.</param>
    /// <param name="stopping">Choose nothing more.</param>
    Task RunAsync(Func<Lane<T>, Task> workOn, CancellationToken stopping);
}

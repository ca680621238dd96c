using System.Collections.Concurrent;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Each session's calls against its limits, in each process for itself.</summary>
internal sealed class ChatRates(WebChatOptions options, TimeProvider clock)
{
    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<(string Session, bool Messages), TokenBucket> _buckets = new();

    /// <summary>Takes a call's token, and a message's with it.</summary>
    /// <returns>Null: they were there; else how long until they are.</returns>
    public TimeSpan? Take(string session, bool isMessage)
    {
        if (_buckets.Count >= MostKept) Forget();
        if (!BucketOf(session, false).TryTake(out var wait)) return wait;
        return isMessage && !BucketOf(session, true).TryTake(out wait) ? wait : null;
    }

    private TokenBucket BucketOf(string session, bool messages) => _buckets.GetOrAdd((session, messages), static (key, at) => key.Messages
        ? new TokenBucket(at.Options.MessagesPerMinute / 2, at.Options.MessagesPerMinute, at.Clock)
        : new TokenBucket(at.Options.CallsPerMinute / 2, at.Options.CallsPerMinute, at.Clock), (Options: options, Clock: clock));

    /// <summary>A session that has been quiet for a minute has full buckets; sessions come from holders of keys only, so there are not many others.</summary>
    private void Forget()
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull) _buckets.TryRemove(key, out _);
        }
    }
}

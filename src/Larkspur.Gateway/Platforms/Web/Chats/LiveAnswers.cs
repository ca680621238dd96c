using System.Collections.Concurrent;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>Texts of answers that are written now, here or in another process, as far as somebody reads them here.</summary>
internal sealed class LiveAnswers
{
    private readonly ConcurrentDictionary<long, LiveAnswer> _live = new();

    public LiveAnswer? Find(long id) => _live.GetValueOrDefault(id);

    /// <summary>This process writes the answer from now on.</summary>
    public LiveAnswer Begin(long id, string person) => _live[id] = new LiveAnswer(id, person, isOwn: true);

    public void End(LiveAnswer answer) => _live.TryRemove(KeyValuePair.Create(answer.Id, answer));

    /// <summary>What another process, or one that is gone, has put down.</summary>
    /// <returns>Readers have something new.</returns>
    public bool Mirror(long id, string person, string text)
    {
        var mirror = _live.GetOrAdd(id, _ => new LiveAnswer(id, person, isOwn: false));
        if (mirror.IsOwn) return false;
        var before = mirror.Place;
        mirror.Replace(text);
        return mirror.Place != before;
    }

    /// <summary>Forgets what is followed and is none of these.</summary>
    public void KeepMirrors(IReadOnlySet<long> ids)
    {
        foreach (var (id, answer) in _live)
        {
            if (!answer.IsOwn && !ids.Contains(id)) End(answer);
        }
    }
}

using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Everybody who reads chats in this process now.</summary>
internal sealed class ChatReaders(WebChatOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<ChatReader>> _byPerson = new(StringComparer.Ordinal);
    private int _count;

    public int Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Sessions whose streams one person may have at once, however many were begun for them.</summary>
    private const int SessionsOfOne = 4;

    public IReadOnlyList<ChatReader> All
    {
        get { lock (_gate) return [.. _byPerson.Values.SelectMany(r => r)]; }
    }

    /// <summary>A new reader; null: the session, or all together, have as many as they may.</summary>
    public ChatReader? Enter(WebSession session)
    {
        lock (_gate)
        {
            var own = _byPerson.GetValueOrDefault(session.Person) ?? [];
            if (_count >= options.MaxStreams || own.Count(r => r.Session == session.Name) >= options.MaxStreamsPerSession || own.Count >= options.MaxStreamsPerSession * SessionsOfOne) return null;
            var reader = new ChatReader(session);
            own.Add(reader);
            _byPerson[session.Person] = own;
            _count++;
            return reader;
        }
    }

    public void Leave(ChatReader reader)
    {
        lock (_gate)
        {
            if (!_byPerson.TryGetValue(reader.Person, out var own) || !own.Remove(reader)) return;
            if (own.Count == 0) _byPerson.Remove(reader.Person);
            _count--;
            reader.Dispose();
        }
    }

    /// <summary>Rows of a person's chat have changed.</summary>
    public void Changed(string person) => Tell(person, static reader => reader.RowsChanged());

    /// <summary>An answer in a person's chat has grown.</summary>
    public void Written(string person) => Tell(person, static reader => reader.TextGrew());

    /// <summary>The person's sessions may be another's now: who reads comes again.</summary>
    public void PersonMoved(string person) => Tell(person, static reader => reader.End());

    /// <summary>Sessions have been revoked.</summary>
    /// <param name="ids">Their rows' numbers.</param>
    public void SessionsEnded(IReadOnlyList<long> ids) => TellOf(ids, static reader => reader.End());

    /// <summary>Sessions have begun, or were ended: who reads looks which.</summary>
    /// <param name="ids">Their rows' numbers.</param>
    public void SessionsChanged(IReadOnlyList<long> ids) => TellOf(ids, static reader => reader.SessionChanged());

    private void TellOf(IReadOnlyList<long> ids, Action<ChatReader> what)
    {
        if (ids.Count == 0) return;
        var sessions = ids.ToHashSet();
        lock (_gate)
        {
            foreach (var reader in _byPerson.Values.SelectMany(r => r).Where(r => sessions.Contains(r.SessionId))) what(reader);
        }
    }

    private void Tell(string person, Action<ChatReader> what)
    {
        lock (_gate)
        {
            if (!_byPerson.TryGetValue(person, out var own)) return;
            foreach (var reader in own) what(reader);
        }
    }
}

namespace Larkspur.Emulator.Dify;

/// <summary>Conversations, messages, verdicts and files; everything belongs to an app and a user, and nobody else sees it.</summary>
public sealed class DifyConversations : IResettableState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DifyConversation> _conversations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DifyUpload> _files = new(StringComparer.Ordinal);

    /// <summary>The conversation of this app and user, a new one when none is named; null: there is no such one for them.</summary>
    public DifyConversation? Open(DifyApp app, string user, string? id, long now)
    {
        lock (_gate)
        {
            if (!string.IsNullOrEmpty(id)) return Of(app, user, id);
            var made = new DifyConversation(Guid.NewGuid().ToString(), app.Key, user, now);
            _conversations.Add(made.Id, made);
            return made;
        }
    }

    /// <summary>The conversation, if it is theirs.</summary>
    public DifyConversation? Of(DifyApp app, string user, string id)
    {
        lock (_gate) return _conversations.GetValueOrDefault(id) is { } found && found.AppKey == app.Key && found.User == user ? found : null;
    }

    /// <summary>A user's conversations, those that changed last first.</summary>
    public IReadOnlyList<DifyConversation> List(DifyApp app, string user)
    {
        lock (_gate) return [.. _conversations.Values.Where(c => c.AppKey == app.Key && c.User == user).OrderByDescending(c => c.UpdatedAt)];
    }

    /// <summary>All of them, for the control API.</summary>
    public IReadOnlyList<DifyConversation> All()
    {
        lock (_gate) return [.. _conversations.Values];
    }

    public bool Delete(DifyApp app, string user, string id)
    {
        lock (_gate) return Of(app, user, id) is not null && _conversations.Remove(id);
    }

    /// <summary>The message and its conversation, if they are this user's.</summary>
    public DifyMessage? Message(DifyApp app, string user, string id)
    {
        lock (_gate) return _conversations.Values.Where(c => c.AppKey == app.Key && c.User == user).SelectMany(c => c.Messages).FirstOrDefault(m => m.Id == id);
    }

    public void Keep(DifyUpload file)
    {
        lock (_gate) _files.Add(file.Id, file);
    }

    public bool HasFile(DifyApp app, string user, string id)
    {
        lock (_gate) return _files.GetValueOrDefault(id) is { } file && file.AppKey == app.Key && file.User == user;
    }

    public DifyUpload? File(string? id)
    {
        lock (_gate) return id is null ? null : _files.GetValueOrDefault(id);
    }

    public void Reset()
    {
        lock (_gate)
        {
            _conversations.Clear();
            _files.Clear();
        }
    }
}

/// <summary>A conversation. Times are Unix seconds.</summary>
public sealed class DifyConversation(string id, string appKey, string user, long now)
{
    private readonly Lock _gate = new();
    private readonly List<DifyMessage> _messages = [];

    public string Id { get; } = id;

    public string AppKey { get; } = appKey;

    public string User { get; } = user;

    public string Name { get; set; } = "New conversation";

    public long CreatedAt { get; } = now;

    public long UpdatedAt { get; private set; } = now;

    public IReadOnlyList<DifyMessage> Messages
    {
        get { lock (_gate) return [.. _messages]; }
    }

    /// <summary>Adds a question.</summary>
    public void Add(DifyMessage message)
    {
        lock (_gate)
        {
            _messages.Add(message);
            UpdatedAt = message.CreatedAt;
        }
    }

    /// <summary>The messages up to one of them, which is the last.</summary>
    public IReadOnlyList<DifyMessage> UpTo(DifyMessage message)
    {
        lock (_gate) return [.. _messages.TakeWhile(m => m.Id != message.Id), message];
    }
}

/// <summary>A question and what was answered so far.</summary>
public sealed record DifyMessage(string Id, string ConversationId, string Query, long CreatedAt)
{
    /// <summary>What it was asked with.</summary>
    public IReadOnlyList<DifyQuestionFile> Files { get; init; } = [];

    public string Answer { get; set; } = "";

    public string Status { get; set; } = "normal";

    /// <summary><c>like</c>, <c>dislike</c> or null.</summary>
    public string? Rating { get; set; }

    public string? RatingText { get; set; }
}

/// <summary>An uploaded file.</summary>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal: they are not kept.</param>
public sealed record DifyUpload(string Id, string AppKey, string User, string Name, long Size, string ContentType, string Sha256);

/// <summary>A file of a question.</summary>
/// <param name="Type">As the question names its kind.</param>
/// <param name="Upload">What was uploaded; null: it was given by address.</param>
public sealed record DifyQuestionFile(string Type, DifyUpload? Upload);

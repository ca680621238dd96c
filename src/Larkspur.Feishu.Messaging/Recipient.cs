using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>Whom a message goes to: an id together with its kind, checked against each other before any call.</summary>
/// <remarks>Prefixes: <c>oc_</c> chat, <c>ou_</c> open_id (of one app only), <c>on_</c> union_id, <c>omt_</c> thread; an email has an @; a user_id has no prefix.</remarks>
public readonly record struct Recipient
{
    private const int LongestId = 256;

    private static readonly (string Prefix, string Kind, string Maker)[] Prefixes =
    [
        ("oc_", "chat_id", nameof(Chat)),
        ("ou_", "open_id", nameof(OpenId)),
        ("on_", "union_id", nameof(UnionId)),
        ("omt_", "thread_id", nameof(Thread)),
        ("om_", "message_id", "feishu.Messages.ReplyAsync"),
        ("cli_", "app id", "no maker: an app cannot be written to"),
    ];

    private readonly string? _kind;
    private readonly string? _id;

    private Recipient(string kind, string id) => (_kind, _id) = (kind, id);

    /// <summary>The kind of <see cref="Id"/> on the wire, <c>receive_id_type</c>.</summary>
    /// <exception cref="RecipientException">The value was never made by one of the makers.</exception>
    public ReceiveIdType IdType => _kind ?? throw new RecipientException("No recipient was given.", "");

    /// <summary>The id on the wire, <c>receive_id</c>.</summary>
    /// <exception cref="RecipientException">The value was never made by one of the makers.</exception>
    public string Id => _id ?? throw new RecipientException("No recipient was given.", "");

    /// <summary>A group, or the conversation of the bot with one person.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <exception cref="RecipientException">It is an id of another kind.</exception>
    public static Recipient Chat(string chatId) => Prefixed("chat_id", "oc_", chatId);

    /// <summary>A person, by the id that holds in this app only.</summary>
    /// <param name="openId"><c>ou_…</c></param>
    /// <exception cref="RecipientException">It is an id of another kind.</exception>
    public static Recipient OpenId(string openId) => Prefixed("open_id", "ou_", openId);

    /// <summary>A person, by the id that holds in all apps of one developer.</summary>
    /// <param name="unionId"><c>on_…</c></param>
    /// <exception cref="RecipientException">It is an id of another kind.</exception>
    public static Recipient UnionId(string unionId) => Prefixed("union_id", "on_", unionId);

    /// <summary>A person, by the tenant's own id. Needs the scope <c>contact:user.employee_id:readonly</c>.</summary>
    /// <param name="userId">As the administrators see it; without a prefix.</param>
    /// <exception cref="RecipientException">It is an id of another kind.</exception>
    public static Recipient UserId(string userId)
    {
        string id = Given(userId);
        if (id.Contains('@', StringComparison.Ordinal)) throw Mismatch("user_id", id, "email", nameof(Email));
        if (Known(id) is { } known) throw Mismatch("user_id", id, known.Kind, known.Maker);
        return new("user_id", id);
    }

    /// <summary>A person, by the address that the tenant knows. No scope for reading contacts is needed.</summary>
    /// <exception cref="RecipientException">It is no address.</exception>
    public static Recipient Email(string address)
    {
        string id = Given(address);
        int at = id.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && at == id.LastIndexOf('@') && at < id.Length - 1) return new("email", id);
        throw Known(id) is { } known ? Mismatch("email", id, known.Kind, known.Maker) : new RecipientException($"\"{id.Truncate(80)}\" is not an email address.", id);
    }

    /// <summary>A thread. Only <see cref="FeishuMessages.ForwardAsync"/> and its kin take one; to write into a thread reply to a message of it.</summary>
    /// <param name="threadId"><c>omt_…</c></param>
    /// <exception cref="RecipientException">It is an id of another kind.</exception>
    public static Recipient Thread(string threadId) => Prefixed("thread_id", "omt_", threadId);

    /// <summary>Recognises the kind by the id's form; what has no known form is taken for a user_id.</summary>
    /// <exception cref="RecipientException">Empty, too long, with blanks, or the id of something that cannot be written to.</exception>
    public static Recipient Parse(string id)
    {
        string given = Given(id);
        if (given.Contains('@', StringComparison.Ordinal)) return Email(given);
        return Known(given) switch
        {
            null => new("user_id", given),
            { Kind: "message_id" or "app id" } other => throw new RecipientException($"\"{given.Truncate(80)}\" is the id of {Article(other.Kind)}, which cannot be written to.", given),
            { } known => Prefixed(known.Kind, known.Prefix, given),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => _id is null ? "nobody" : $"{_kind} {_id}";

    /// <summary>The endpoints that start a message take no thread.</summary>
    internal Recipient Writable()
        => IdType.Value == "thread_id" ? throw new RecipientException($"A thread takes no new messages: reply to one of its messages with {nameof(FeishuMessages.ReplyAsync)}.", Id) : this;

    private static Recipient Prefixed(string kind, string prefix, string? id)
    {
        string given = Given(id);
        if (given.StartsWith(prefix, StringComparison.Ordinal) && given.Length > prefix.Length) return new(kind, given);
        if (given.Contains('@', StringComparison.Ordinal)) throw Mismatch(kind, given, "email", nameof(Email));
        throw Known(given) is { } known && known.Prefix != prefix
            ? Mismatch(kind, given, known.Kind, known.Maker)
            : new RecipientException($"\"{given.Truncate(80)}\" is not a {kind}: it must begin with {prefix}.", given);
    }

    private static (string Prefix, string Kind, string Maker)? Known(string id)
    {
        foreach (var known in Prefixes)
        {
            if (id.StartsWith(known.Prefix, StringComparison.Ordinal)) return known;
        }

        return null;
    }

    private static string Given(string? id)
    {
        if (string.IsNullOrEmpty(id)) throw new RecipientException("The recipient's id is empty.", "");
        if (id.Length > LongestId) throw new RecipientException($"The recipient's id has {id.Length} characters; none has more than {LongestId}.", id[..LongestId]);
        return id.AsSpan().ContainsAnyInRange('\0', ' ') ? throw new RecipientException($"The recipient's id \"{id.Truncate(80)}\" has blanks in it.", id) : id;
    }

    private static RecipientException Mismatch(string kind, string id, string other, string maker)
        => new($"\"{id.Truncate(80)}\" is {Article(other)}, not {Article(kind)}; use {maker}.", id);

    private static string Article(string kind) => kind[0] is 'a' or 'e' or 'o' ? "an " + kind : "a " + kind;
}

/// <summary>An id does not fit the kind it was given as, or cannot receive messages. Nothing was sent.</summary>
public sealed class RecipientException(string message, string id) : ArgumentException(message)
{
    /// <summary>What was given.</summary>
    public string Id { get; } = id;
}

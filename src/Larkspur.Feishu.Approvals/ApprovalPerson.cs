using Larkspur.Feishu.Api;

namespace Larkspur.Feishu.Approvals;

/// <summary>A person in an approval, by the kind of id one has.</summary>
public readonly record struct ApprovalPerson
{
    private const int LongestId = 200;

    private readonly string? _id;
    private readonly bool _userId;

    private ApprovalPerson(string id, bool userId) => (_id, _userId) = (id, userId);

    /// <summary>The id.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>: nobody.</exception>
    public string Id => _id ?? throw new InvalidOperationException("This is nobody: make a person with OpenId, UserId or Parse.");

    /// <summary>True: a user_id; false: an open_id.</summary>
    public bool IsUserId => _userId;

    /// <summary>The kind of <see cref="Id"/>, as the endpoints name it.</summary>
    public UserIdType IdType => _userId ? UserIdType.UserId : UserIdType.OpenId;

    /// <summary>By <c>ou_…</c>, an id that is good for one app.</summary>
    /// <exception cref="ArgumentException">It is not an open_id.</exception>
    public static ApprovalPerson OpenId(string openId)
        => Given(openId).StartsWith("ou_", StringComparison.Ordinal) && openId.Length > 3
            ? new(openId, userId: false)
            : throw new ArgumentException($"\"{openId}\" is not an open_id: it must begin with ou_.", nameof(openId));

    /// <summary>By the tenant's own id of the person.</summary>
    /// <exception cref="ArgumentException">It is an id of another kind.</exception>
    public static ApprovalPerson UserId(string userId)
    {
        string given = Given(userId);
        return given.StartsWith("ou_", StringComparison.Ordinal) || given.StartsWith("on_", StringComparison.Ordinal) || given.Contains('@', StringComparison.Ordinal)
            ? throw new ArgumentException($"\"{given}\" is not a user_id.", nameof(userId))
            : new(given, userId: true);
    }

    /// <summary>By either: <c>ou_…</c> is an open_id, everything else a user_id.</summary>
    /// <exception cref="ArgumentException">Empty, too long, with blanks, an e-mail address or a union_id: approval takes neither.</exception>
    public static ApprovalPerson Parse(string id) => Given(id).StartsWith("ou_", StringComparison.Ordinal) ? OpenId(id) : UserId(id);

    /// <summary>The same as <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse(string? id, out ApprovalPerson person)
    {
        person = default;
        if (string.IsNullOrEmpty(id) || id.Length > LongestId || id.AsSpan().ContainsAnyInRange('\0', ' ') || id.Contains('@', StringComparison.Ordinal)) return false;
        if (id.StartsWith("on_", StringComparison.Ordinal) || id == "ou_") return false;
        person = new(id, !id.StartsWith("ou_", StringComparison.Ordinal));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _id is null ? "nobody" : $"{(_userId ? "user_id" : "open_id")} {_id}";

    private static string Given(string? id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > LongestId) throw new ArgumentException($"The person's id has {id.Length} characters; none has more than {LongestId}.", nameof(id));
        return id.AsSpan().ContainsAnyInRange('\0', ' ') ? throw new ArgumentException($"The person's id \"{id}\" has blanks in it.", nameof(id)) : id;
    }
}

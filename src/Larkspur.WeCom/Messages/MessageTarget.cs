using System.Text.Json.Nodes;

namespace Larkspur.WeCom.Messages;

/// <summary>Who receives a message: people, departments, tags (together), or everybody who sees the app.</summary>
public sealed record MessageTarget
{
    /// <summary>Userids, at most 1,000.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Ids of departments, at most 100.</summary>
    public IReadOnlyList<long> Departments { get; init; } = [];

    /// <summary>Ids of tags, at most 100.</summary>
    public IReadOnlyList<long> Tags { get; init; } = [];

    /// <summary>Everybody in the app's visible range, and nobody by name.</summary>
    public bool IsEverybody { get; init; }

    /// <summary>Everybody in the app's visible range.</summary>
    public static MessageTarget Everybody { get; } = new() { IsEverybody = true };

    /// <summary>People by userid.</summary>
    public static MessageTarget To(params IReadOnlyList<string> users) => new() { Users = users };

    internal void Judge(ContentProblems problems)
    {
        if (IsEverybody && Users.Count + Departments.Count + Tags.Count > 0) problems.Add("recipients", "are everybody and somebody at once");
        if (!IsEverybody && Users.Count + Departments.Count + Tags.Count == 0) problems.Add("recipients", "are missing");
        problems.Count("touser", Users, 0, 1000);
        problems.Count("toparty", Departments, 0, 100);
        problems.Count("totag", Tags, 0, 100);
        foreach (string user in Users)
        {
            // "@all" in a list of names that came from somewhere would reach the whole company.
            if (string.IsNullOrWhiteSpace(user) || user.Contains('|', StringComparison.Ordinal) || user.StartsWith('@')) problems.Add("touser", $"has \"{user}\", which is no userid");
        }
    }

    internal void AddTo(JsonObject body)
    {
        if (IsEverybody) body["touser"] = "@all";
        if (Users.Count > 0) body["touser"] = string.Join('|', Users);
        if (Departments.Count > 0) body["toparty"] = string.Join('|', Departments);
        if (Tags.Count > 0) body["totag"] = string.Join('|', Tags);
    }
}

/// <summary>How a message is sent.</summary>
public sealed record SendMessageOptions
{
    /// <summary>
    /// The platform drops a message that is the same as one of this app within the last so many seconds (1 s to 4 h). A window of at least <see cref="WeComOptions.CallTimeout"/> and 10 s
    /// makes it idempotent: a lost answer is followed by another try. A shorter one does not: the other try could come when the first is forgotten.
    /// Null: no check, and a lost answer is an error whose effect is unknown. The same text twice on purpose needs null, or something that differs.
    /// </summary>
    public TimeSpan? DuplicateCheck { get; init; }

    /// <summary>Cannot be shared or copied.</summary>
    public bool Confidential { get; init; }

    /// <summary>Ids in the text (<c>$userName=ID$</c>) become names.</summary>
    public bool TranslateIds { get; init; }

    /// <summary>How long a try may be on its way beyond the call's own time.</summary>
    internal static TimeSpan DuplicateCheckMargin { get; } = TimeSpan.FromSeconds(10);

    internal void Judge(ContentProblems problems)
    {
        if (DuplicateCheck is { } window && (window < TimeSpan.FromSeconds(1) || window > TimeSpan.FromHours(4))) problems.Add("duplicate_check_interval", "must be 1 second to 4 hours");
    }
}

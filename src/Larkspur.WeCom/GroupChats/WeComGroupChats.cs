using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.WeCom.Messages;

namespace Larkspur.WeCom.GroupChats;

/// <summary>A group chat that the app made.</summary>
public sealed record GroupChat
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("chatid")]
    public string ChatId { get; init; } = "";

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Userid of the owner.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Userids of members.</summary>
    [JsonPropertyName("userlist")]
    public IReadOnlyList<string> Users { get; init; } = [];
}

/// <summary>Group chats of the app. Only for self-built apps that the whole company sees (48002 otherwise).</summary>
/// <remarks>Limits: 1,000 made a day, 1,000 changes an hour, 20,000 person-messages a minute; a member takes 200 group messages a minute, more are dropped silently.</remarks>
public sealed class WeComGroupChats
{
    private static readonly WeComEndpoint Create = WeComEndpoint.Write("appchat.create", "/cgi-bin/appchat/create");
    private static readonly WeComEndpoint Update = WeComEndpoint.Write("appchat.update", "/cgi-bin/appchat/update") with { IsRepeatable = true };
    private static readonly WeComEndpoint Get = WeComEndpoint.Get("appchat.get", "/cgi-bin/appchat/get");
    private static readonly WeComEndpoint Send = WeComEndpoint.Write("appchat.send", "/cgi-bin/appchat/send");

    private readonly WeComClient _client;

    internal WeComGroupChats(WeComClient client) => _client = client;

    /// <summary>Makes one.</summary>
    /// <param name="users">Members, 2 to 2,000 (the upper bound is UNVERIFIED).</param>
    /// <param name="name">Its name; null: the platform's.</param>
    /// <param name="owner">Userid of the owner, one of the members; null: chosen by the platform.</param>
    /// <param name="chatId">An id of one's own; a second chat of that id is refused (86215). Null: the platform's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(IReadOnlyList<string> users, string? name = null, string? owner = null, string? chatId = null, CancellationToken cancellationToken = default)
    {
        var problems = new ContentProblems();
        problems.Count("userlist", users, 2, 2000);
        problems.ThrowIfAny();
        Created made = await _client.SendAsync<Created>(new WeComRequest(Create) { Body = new { name, owner, userlist = users, chatid = chatId } }, cancellationToken: cancellationToken);
        return made.ChatId;
    }

    /// <summary>Changes name, owner, members. Null: stays.</summary>
    public Task UpdateAsync(
        string chatId, string? name = null, string? owner = null, IReadOnlyList<string>? add = null, IReadOnlyList<string>? remove = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(chatId);
        return _client.SendAsync(new WeComRequest(Update) { Body = new { chatid = chatId, name, owner, add_user_list = add, del_user_list = remove } }, cancellationToken: cancellationToken);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="WeComApiException">86003: there is none.</exception>
    public async Task<GroupChat> GetAsync(string chatId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(chatId);
        return (await _client.SendAsync<Found>(new WeComRequest(Get) { Query = [new("chatid", chatId)] }, cancellationToken: cancellationToken)).ChatInfo;
    }

    /// <summary>Writes to one. Template cards and mini program notices are not taken there. Has no duplicate check: never repeated by itself after a lost answer.</summary>
    /// <exception cref="WeComContentException">A rule is broken; nothing was sent.</exception>
    public Task SendAsync(string chatId, MessageContent content, bool confidential = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var problems = new ContentProblems();
        problems.Required("chatid", chatId);
        content.Judge(problems);
        if (!content.IsForGroups) problems.Add(content.Type, "is not taken by a group chat");
        problems.ThrowIfAny();
        return _client.SendAsync(new WeComRequest(Send)
        {
            Body = new JsonObject { ["chatid"] = chatId, ["msgtype"] = content.Type, [content.Type] = content.Body(), ["safe"] = confidential ? 1 : 0 },
        }, cancellationToken: cancellationToken);
    }

    private sealed record Created([property: JsonPropertyName("chatid"), JsonRequired] string ChatId);

    private sealed record Found([property: JsonRequired] GroupChat ChatInfo);
}

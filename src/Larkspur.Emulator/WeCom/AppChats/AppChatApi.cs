using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.AppChats;

/// <summary>Groups that the application makes and speaks in.</summary>
internal sealed partial class AppChatApi(WeComCorp corp, WeComChats chats, WeComIds ids, MessageValidator validator, ApplicationMessages messages, WeComLimits limits) : IWeComArea
{
    public const int FewestMembers = 2;
    public const int MostMembers = 2000;
    private const int CreatedPerDay = 1000;
    private const int ChangedPerHour = 1000;
    private const int PersonTimesPerMinute = 20_000;
    private const int PersonTimesPerHour = 300_000;

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/appchat/create", Create);
        on.Post("/cgi-bin/appchat/update", Update);
        on.Get("/cgi-bin/appchat/get", Get);
        on.Post("/cgi-bin/appchat/send", Send);
    }

    private ApiAnswer Create(WeComCall call)
    {
        var agent = call.Agent;
        var people = Known(WeComJson.Texts(call.Body, "userlist"));
        CheckCount(people);
        var id = call.Text("chatid") is { Length: > 0 } given ? given : ids.Chat();
        if (!ChatIdForm().IsMatch(id)) throw WeComRefusal.Parameter("chatid: 1 to 64 letters and digits");
        if (chats.Chat(id) is not null) throw new WeComRefusal(86215, "chatid exists already");
        var owner = call.Text("owner") is { Length: > 0 } named ? Known([named])[0] : people[0];
        if (!people.Contains(owner)) throw new WeComRefusal(86216, "the owner is no member");
        if (!limits.TryTake("appchat/create", CreatedPerDay, WeComLimits.Day)) throw WeComRefusal.TooFast();
        var name = call.Text("name") ?? "群聊";
        if (!chats.Put(new WeComChat { ChatId = id, Kind = WeComChatKind.Group, Name = name, EnName = name, OwnerId = owner, People = [.. people], MadeBy = agent })) throw new WeComRefusal(-1, "the emulator holds no more chats");
        return WeComAnswer.Ok(new JsonObject { ["chatid"] = id });
    }

    private ApiAnswer Update(WeComCall call)
    {
        var chat = Chat(call, call.Need("chatid"));
        if (!limits.TryTake("appchat/change", ChangedPerHour, WeComLimits.Hour)) throw WeComRefusal.TooFast();
        var leaving = WeComJson.Texts(call.Body, "del_user_list");
        var people = chat.People.Where(p => !leaving.Contains(p, StringComparer.OrdinalIgnoreCase)).Union(Known(WeComJson.Texts(call.Body, "add_user_list")), StringComparer.Ordinal).ToArray();
        CheckCount(people);
        var owner = call.Text("owner") is { Length: > 0 } named ? Known([named])[0] : chat.OwnerId!;
        if (!people.Contains(owner)) owner = call.Text("owner") is null ? people[0] : throw new WeComRefusal(86216, "the owner is no member");
        var name = call.Text("name") is { Length: > 0 } renamed ? renamed : chat.Name;
        chats.Put(chat with { Name = name, EnName = name, OwnerId = owner, People = [.. people] });
        return WeComAnswer.Ok();
    }

    private ApiAnswer Get(WeComCall call)
    {
        var chat = Chat(call, call.Asked("chatid"));
        return WeComAnswer.Ok(new JsonObject
        {
            ["chat_info"] = new JsonObject { ["chatid"] = chat.ChatId, ["name"] = chat.Name, ["owner"] = chat.OwnerId, ["userlist"] = WeComJson.List(chat.People) },
        });
    }

    private ApiAnswer Send(WeComCall call)
    {
        var chat = Chat(call, call.Need("chatid"));
        var body = validator.Read(call.Body, cards: false);
        var people = chat.People.Length;
        if (!limits.TryTake("appchat/send", PersonTimesPerMinute, WeComLimits.Minute, cost: people) || !limits.TryTake("appchat/send", PersonTimesPerHour, WeComLimits.Hour, cost: people)) throw WeComRefusal.TooFast();
        chats.Add(messages.New(chat.ChatId, ids.MsgId(), body) with { Safe = WeComJson.Flag(call.Body, "safe") });
        return WeComAnswer.Ok();
    }

    /// <exception cref="WeComRefusal">86003: none of this application's groups.</exception>
    private WeComChat Chat(WeComCall call, string id) => chats.Chat(id) is { } chat && chat.MadeBy == call.Agent ? chat : throw new WeComRefusal(86003, "chatid does not exist");

    private string[] Known(IReadOnlyList<string> users) =>
        [.. users.Select(u => corp.Member(u)?.UserId ?? throw new WeComRefusal(86216, $"invalid chat member {u}")).Distinct(StringComparer.Ordinal)];

    private static void CheckCount(IReadOnlyCollection<string> people)
    {
        if (people.Count is < FewestMembers or > MostMembers) throw new WeComRefusal(86006, "invalid chat member count: 2 to 2000");
    }

    [GeneratedRegex(@"\A[0-9A-Za-z]{1,64}\z")]
    private static partial Regex ChatIdForm();
}

using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu;

internal sealed partial class FeishuActions
{
    private const int LongestGroupName = 60;
    private const int LongestDescription = 100;

    public ActionOutcome OpenChatWithBot(string personId, string appId)
    {
        if (state.Person(personId) is null) return Refused($"There is no person {personId}.", $"没有 {personId} 这个人。");
        if (state.App(appId) is not { BotEnabled: true } app) return Refused($"There is no bot of app {appId}.", $"应用 {appId} 没有机器人。");
        if (!app.IsAvailableTo(personId)) return Refused("This bot is not available to this person.", "此人不在该机器人的可用范围内。");
        var chat = state.GetOrCreateBotChat(personId, app, out var isNew);
        events.P2pEntered(app, chat, personId, isNew);
        return new ActionOutcome(chat.ChatId);
    }

    public ActionOutcome CreateGroup(string personId, string name, IReadOnlyCollection<string> people, IReadOnlyCollection<string> appIds)
    {
        if (state.Person(personId) is null) return Refused($"There is no person {personId}.", $"没有 {personId} 这个人。");
        if (name.Length > LongestGroupName) return Refused("The name of a group has 60 characters at most.", "群名称不超过 60 个字符。");
        if (people.FirstOrDefault(p => state.Person(p) is null) is { } stranger) return Refused($"There is no person {stranger}.", $"没有 {stranger} 这个人。");
        if (appIds.FirstOrDefault(a => state.App(a) is not { BotEnabled: true }) is { } noBot) return Refused($"There is no bot of app {noBot}.", $"应用 {noBot} 没有机器人。");
        var chat = state.AddChat(new Chat
        {
            ChatId = state.Ids.Next("oc_"), Kind = ChatKind.Group, Name = name, OwnerId = personId, People = [.. people.Prepend(personId).Distinct()],
        });
        if (chat is null) return Refused("There are too many chats.", "会话太多了。");
        foreach (var app in appIds.Distinct()) AddBot(personId, chat.ChatId, app);
        return new ActionOutcome(chat.ChatId);
    }

    public ActionOutcome AddBot(string personId, string chatId, string appId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group) return Refused("Bots can be added to groups only.", "机器人只能加入群聊。");
        if (state.App(appId) is not { BotEnabled: true } app) return Refused($"There is no bot of app {appId}.", $"应用 {appId} 没有机器人。");
        if (chat.Bots.Contains(appId)) return Refused("The bot is already in this group.", "机器人已在群里。");
        if (state.ChangeChat(chatId, c => c.Bots.Contains(appId) ? c : c with { Bots = c.Bots.Add(appId) }) is { } changed) events.BotMembership(app, changed, personId, added: true);
        return new ActionOutcome(chatId);
    }

    public ActionOutcome RemoveBot(string personId, string chatId, string appId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group || !chat.Bots.Contains(appId)) return Refused("The bot is not in this group.", "机器人不在群里。");
        if (state.ChangeChat(chatId, c => c with { Bots = c.Bots.Remove(appId) }) is { } changed && state.App(appId) is { } app)
        {
            events.BotMembership(app, changed, personId, added: false);
        }

        return new ActionOutcome(chatId);
    }

    public ActionOutcome AddPerson(string personId, string chatId, string newPersonId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group) return Refused("People can be added to groups only.", "只有群聊可以添加成员。");
        if (state.Person(newPersonId) is not { } person) return Refused($"There is no person {newPersonId}.", $"没有 {newPersonId} 这个人。");
        if (chat.People.Contains(newPersonId)) return Refused("This person is already in the group.", "此人已在群里。");
        if (state.ChangeChat(chatId, c => c with { People = c.People.Add(newPersonId) }) is { } changed) events.PeopleMembership(changed, personId, [person], "added");
        return new ActionOutcome(chatId);
    }

    public ActionOutcome RemovePerson(string personId, string chatId, string otherPersonId) => TakeOut(personId, chatId, otherPersonId, "deleted", ownersOnly: true);

    public ActionOutcome WithdrawInvitation(string personId, string chatId, string otherPersonId) => TakeOut(personId, chatId, otherPersonId, "withdrawn", ownersOnly: false);

    public ActionOutcome LeaveChat(string personId, string chatId)
    {
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group) return Refused("Only groups can be left.", "只有群聊可以退出。");
        if (state.ChangeChat(chatId, c => Without(c, personId)) is { } changed) events.PeopleMembership(changed, personId, [person], "deleted");
        return new ActionOutcome(chatId);
    }

    public ActionOutcome ChangeGroup(string personId, string chatId, string? name, string? description, string? ownerId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group) return Refused("Only groups have a name.", "只有群聊可以修改信息。");
        if (name is { Length: 0 or > LongestGroupName }) return Refused("The name of a group has 1 to 60 characters.", "群名称须为 1 到 60 个字符。");
        if (description is { Length: > LongestDescription }) return Refused("The description of a group has 100 characters at most.", "群描述不超过 100 个字符。");
        if (ownerId is not null && (chat.OwnerId != personId || !chat.People.Contains(ownerId))) return Refused("Only the owner can hand the group over, to one of its members.", "只有群主可以转让群，且只能转让给群成员。");
        if (!chat.IsManagedBy(personId) && ChatSettings.Of(chat, "edit_permission") == "only_owner") return Refused("Only the group's owner and managers can change it.", "仅群主和管理员可以修改群信息。");
        var changed = state.ChangeChat(chatId, c => c with
        {
            Name = name ?? c.Name, EnName = name is null ? c.EnName : "", Description = description ?? c.Description, OwnerId = ownerId ?? c.OwnerId,
        });
        if (changed is not null) events.ChatUpdated(chat, changed, personId);
        return new ActionOutcome(chatId);
    }

    public ActionOutcome Disband(string personId, string chatId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group || chat.OwnerId != personId) return Refused("Only its owner can dissolve a group.", "只有群主可以解散群。");
        events.ChatDisbanded(chat, personId);
        state.ChangeChat(chatId, c => c with { Dissolved = true });
        return new ActionOutcome(chatId);
    }

    private ActionOutcome TakeOut(string personId, string chatId, string otherPersonId, string kind, bool ownersOnly)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.Group) return Refused("People can be removed from groups only.", "只有群聊可以移出成员。");
        if (state.Person(otherPersonId) is not { } other || !chat.People.Contains(otherPersonId)) return Refused("This person is not in the group.", "此人不在群里。");
        if ((ownersOnly && !chat.IsManagedBy(personId)) || otherPersonId == chat.OwnerId) return Refused("Only the owner and managers can remove people, and nobody the owner.", "仅群主和管理员可以移出成员，且群主不能被移出。");
        if (state.ChangeChat(chatId, c => Without(c, otherPersonId)) is { } changed) events.PeopleMembership(changed, personId, [other], kind);
        return new ActionOutcome(chatId);
    }

    /// <summary>An owner who leaves is followed by the next member.</summary>
    private static Chat Without(Chat chat, string personId)
    {
        var people = chat.People.Remove(personId);
        return chat with { People = people, Managers = chat.Managers.Remove(personId), OwnerId = chat.OwnerId == personId ? people.FirstOrDefault() ?? chat.Bots.FirstOrDefault() : chat.OwnerId };
    }
}

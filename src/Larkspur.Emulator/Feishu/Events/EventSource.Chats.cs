using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Changes of groups, and the scopes that open events.</summary>
public sealed partial class EventSource
{
    /// <summary>Only what differs is told, before and after.</summary>
    public void ChatUpdated(Chat before, Chat after, string operatorId, IReadOnlyCollection<string>? addedModerators = null, IReadOnlyCollection<string>? removedModerators = null)
    {
        foreach (var app in BotsIn(after))
        {
            var (old, now) = (Attributes(app, before), Attributes(app, after));
            foreach (var name in old.Select(a => a.Key).Where(n => JsonNode.DeepEquals(old[n], now[n])).ToArray())
            {
                old.Remove(name);
                now.Remove(name);
            }

            var moderators = Moderators(app, addedModerators, removedModerators);
            if (now.Count == 0 && moderators is null) continue;
            var body = Membership(app, after, operatorId);
            body.Remove("name");
            body.Remove("i18n_names");
            body["after_change"] = now;
            body["before_change"] = old;
            if (moderators is not null) body["moderator_list"] = moderators;
            Publish(app, "im.chat.updated_v1", body, after.ChatId);
        }
    }

    private JsonObject Attributes(BotApp app, Chat chat)
    {
        var item = new JsonObject
        {
            ["avatar"] = chat.Avatar, ["name"] = chat.Name, ["description"] = chat.Description,
            ["i18n_names"] = new JsonObject { ["zh_cn"] = chat.Name, ["en_us"] = chat.EnName.Length > 0 ? chat.EnName : chat.Name },
        };
        foreach (var name in (string[])["add_member_permission", "share_card_permission", "at_all_permission", "edit_permission", "membership_approval", "join_message_visibility", "leave_message_visibility", "group_message_type"])
        {
            item[name] = ChatSettings.Of(chat, name);
        }

        item["moderation_permission"] = chat.Moderation.Setting;
        item["owner_id"] = chat.OwnerId is { } owner ? Ids(app, owner) : null;
        item["restricted_mode_setting"] = ChatSettings.Show(chat.Restricted);
        return item;
    }

    private JsonObject? Moderators(BotApp app, IReadOnlyCollection<string>? added, IReadOnlyCollection<string>? removed)
    {
        if (added is not { Count: > 0 } && removed is not { Count: > 0 }) return null;
        return new JsonObject { ["added_member_list"] = List(added), ["removed_member_list"] = List(removed) };

        JsonArray List(IReadOnlyCollection<string>? ids) =>
            [.. (ids ?? []).Select(id => new JsonObject { ["tenant_key"] = state.TenantOf(app, id), ["user_id"] = Ids(app, id) })];
    }

    /// <summary>Ids of a person or a bot as one app sees them.</summary>
    private JsonObject Ids(BotApp app, string personOrAppId) => state.App(personOrAppId) is null ? UserIds(app, personOrAppId) : BotIds(personOrAppId);

    /// <summary>An event reaches an app that has one of the event's scopes; which messages it hears is decided per message.</summary>
    private void Publish(BotApp app, string type, JsonObject body, string lane)
    {
        if (EventScopes.Allow(app, type)) pusher.Publish(app, type, body, lane);
    }
}

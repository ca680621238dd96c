using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>The company and what exists on Feishu, as JSON.</summary>
internal static class FeishuStateView
{
    /// <summary>Feishu was there first: its members stand at the top, those of the other platforms under their names.</summary>
    public static void Write(EmulatorState state, JsonObject view)
    {
        var messages = state.Chats().SelectMany(c => state.Messages(c.ChatId)).OrderBy(m => m.CreateTime).ToArray();
        view["chats"] = state.Chats().ToJson(c => ShowChat(state, c));
        view["messages"] = messages.ToJson(ShowMessage);
        view["cards"] = messages.Where(m => m.Card is not null).ToJson(ShowCard);
        view["approvals"] = ApprovalStateView.Of(state);
        view["documents"] = state.Documents.ToJson(d => DocumentsCommand.Show(state, d));
        view["calendar_events"] = CalendarStateView.Of(state);
        view["bases"] = BaseStateView.Of(state);
        view["people"] = state.People.ToJson(p => ShowPerson(state, p));
        view["departments"] = state.Departments.ToJson(d => new JsonObject
        {
            ["open_department_id"] = d.OpenDepartmentId, ["department_id"] = d.DepartmentId, ["name"] = d.Name, ["en_name"] = d.EnName,
            ["parent_department_id"] = d.ParentOpenDepartmentId, ["leader_user_id"] = d.LeaderUserId,
        });
        view["apps"] = state.Apps.ToJson(ShowApp);
        view["custom_bots"] = state.CustomBots.ToJson(CustomBotsCommand.Show);
        view["card_entities"] = state.CardEntities.ToJson(ShowEntity);
        view["card_templates"] = state.CardTemplates.ToJson(TemplatesCommand.Show);
    }

    public static JsonObject ShowMessage(Message m) => new()
    {
        ["message_id"] = m.MessageId,
        ["chat_id"] = m.ChatId,
        ["root_id"] = m.RootId,
        ["parent_id"] = m.ParentId,
        ["thread_id"] = m.ThreadId,
        ["sender"] = new JsonObject { ["type"] = m.SenderKind.ToString().ToLowerInvariant(), ["id"] = m.SenderId },
        ["msg_type"] = m.MsgType,
        ["content"] = m.Content,
        ["rendered"] = m.Rendered,
        ["mentions"] = m.Mentions.ToJson(x => new JsonObject { ["key"] = x.Key, ["type"] = x.Kind.ToString().ToLowerInvariant(), ["id"] = x.Id, ["name"] = x.Name }),
        ["create_time"] = MessageView.Millis(m.CreateTime),
        ["update_time"] = MessageView.Millis(m.UpdateTime),
        ["deleted"] = m.Deleted,
        ["updated"] = m.Updated,
        ["reactions"] = m.Reactions.ToJson(r => new JsonObject { ["reaction_id"] = r.ReactionId, ["emoji_type"] = r.EmojiType, ["operator"] = r.OperatorId }),
        ["read_by"] = new JsonArray([.. m.ReadBy.Keys.Order(StringComparer.Ordinal).Select(k => (JsonNode?)k)]),
        ["pinned_by"] = m.Pin?.OperatorId,
        ["urgent"] = m.Urgencies.ToJson(u => new JsonObject { ["kind"] = u.Kind.ToString().ToLowerInvariant(), ["user_id"] = u.UserId, ["confirmed"] = u.Confirmed }),
        ["follow_ups"] = new JsonArray([.. m.FollowUps.Select(f => (JsonNode?)f.Content)]),
        ["forwarded"] = m.Forwarded.ToJson(ShowMessage),
        ["upper_message_id"] = m.UpperMessageId,
        ["only_for"] = m.OnlyFor,
        ["version"] = m.Version,
    };

    public static JsonObject ShowApp(BotApp a) => new()
    {
        ["app_id"] = a.AppId, ["name"] = a.Name, ["en_name"] = a.EnName, ["kind"] = a.Kind.ToString().ToLowerInvariant(), ["tenant_key"] = a.TenantKey,
        ["bot_open_id"] = a.BotOpenId, ["bot_enabled"] = a.BotEnabled, ["callback_url"] = a.CallbackUrl, ["callback_verified"] = a.CallbackVerified, ["encrypted"] = a.EncryptKey.Length > 0,
        ["event_mode"] = SubscriptionModes.Text(a.EventMode), ["callback_mode"] = SubscriptionModes.Text(a.CallbackMode),
        ["granted_scopes"] = a.GrantedScopes is null ? null : new JsonArray([.. a.GrantedScopes.Order(StringComparer.Ordinal).Select(s => (JsonNode?)s)]),
        ["available_to"] = a.AvailableTo is null ? null : new JsonArray([.. a.AvailableTo.Order(StringComparer.Ordinal).Select(s => (JsonNode?)s)]),
        ["subscriptions"] = a.Subscriptions is null ? null : new JsonArray([.. a.Subscriptions.Order(StringComparer.Ordinal).Select(s => (JsonNode?)s)]),
        ["redirect_uris"] = a.RedirectUris?.ToJson(),
        ["online_version_id"] = a.Online?.IdIn(a.AppId),
        ["versions"] = a.Versions.ToJson(v => VersionsCommand.Show(a, v)),
    };

    private static JsonObject ShowChat(EmulatorState state, Chat c) => new()
    {
        ["chat_id"] = c.ChatId,
        ["type"] = c.Kind == ChatKind.P2p ? "p2p" : "group",
        ["name"] = c.Name,
        ["en_name"] = c.EnName,
        ["description"] = c.Description,
        ["owner"] = c.OwnerId,
        ["people"] = new JsonArray([.. c.People.Select(p => (JsonNode?)p)]),
        ["bots"] = new JsonArray([.. c.Bots.Select(b => (JsonNode?)b)]),
        ["managers"] = new JsonArray([.. c.Managers.Order(StringComparer.Ordinal).Select(m => (JsonNode?)m)]),
        ["announcement"] = c.Announcement is { } announcement ? string.Join('\n', announcement.Blocks.Select(b => b.Text)) : null,
        ["top_notice"] = c.TopNotice is { } notice ? notice.MessageId ?? "announcement" : null,
        ["moderation"] = c.Moderation.Setting,
        ["muted"] = c.Muted,
        ["dissolved"] = c.Dissolved,
        ["unread"] = new JsonObject(c.People.Select(p => KeyValuePair.Create(p, (JsonNode?)state.Unread(p, c.ChatId)))),
        ["last_active"] = MessageView.Millis(c.LastActive),
    };

    private static JsonObject ShowPerson(EmulatorState state, Person p) => new()
    {
        ["user_id"] = p.PresentUserId, ["union_id"] = p.UnionId, ["name"] = p.Name, ["en_name"] = p.EnName, ["email"] = p.Email,
        ["mobile"] = p.Mobile,
        ["employee_no"] = p.EmployeeNo, ["job_title"] = p.JobTitle, ["locale"] = p.Locale, ["guest_of"] = p.TenantKey,
        ["status"] = p.Status.ToString().ToLowerInvariant(),
        ["department_ids"] = new JsonArray([.. p.DepartmentIds.Select(d => (JsonNode?)d)]),
        ["open_ids"] = new JsonObject(state.Apps.Select(a => KeyValuePair.Create(a.AppId, (JsonNode?)WireIds.OpenId(a.AppId, p.UserId)))),
    };

    private static JsonObject ShowCard(Message m) => new()
    {
        ["message_id"] = m.MessageId,
        ["chat_id"] = m.ChatId,
        ["schema"] = m.Card!.IsV2 ? "2.0" : "1.0",
        ["shared"] = m.Card.Shared,
        ["card_id"] = m.Card.EntityId,
        ["card"] = Parse(m.Card.Json),
        ["views"] = new JsonObject(m.Card.Views.Select(v => KeyValuePair.Create(v.Key, Parse(v.Value)))),
        ["version"] = m.Version,
    };

    private static JsonObject ShowEntity(CardEntity e) => new()
    {
        ["card_id"] = e.CardId,
        ["app_id"] = e.AppId,
        ["message_id"] = e.MessageId,
        ["sequence"] = e.Sequence,
        ["streaming"] = e.Streaming switch { CardStreaming.Open => "open", CardStreaming.TimedOut => "timed_out", _ => "closed" },
        ["create_time"] = MessageView.Millis(e.CreateTime),
        ["card"] = Parse(e.Json),
    };

    private static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 64 });
}

using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.SignIn;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>A person acts in Feishu: <c>{"as":"alice","do":"send","text":"hi"}</c>.</summary>
internal sealed class FeishuActCommand(EmulatorState state, IPersonActions people, ApprovalActCommand approvals, ClientCodes codes)
{
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["send"] = ["chat", "app_id", "text", "msg_type", "content", "base64", "name", "duration_ms", "reply_to", "in_thread"],
        ["reply"] = ["chat", "message_id", "text", "msg_type", "content", "base64", "name", "duration_ms", "in_thread"],
        ["forward"] = ["message_id", "message_ids", "chat", "app_id"],
        ["pin"] = ["chat", "message_id", "remove"],
        ["mute_bot"] = ["chat", "app_id", "remove"],
        ["click"] =
        [
            "chat", "app_id", "message_id", "path", "name", "element_id", "text", "value", "tag", "index", "option", "options", "input_value", "checked", "form_value", "locale",
        ],
        ["edit"] = ["chat", "message_id", "text"],
        ["read"] = ["chat", "app_id"],
        ["react"] = ["chat", "message_id", "emoji", "remove"],
        ["recall"] = ["chat", "message_id"],
        ["open"] = ["app_id"],
        ["create_group"] = ["name", "people", "bots"],
        ["add_bot"] = ["chat", "app_id"],
        ["remove_bot"] = ["chat", "app_id"],
        ["add_person"] = ["chat", "person"],
        ["remove_person"] = ["chat", "person"],
        ["withdraw_person"] = ["chat", "person"],
        ["leave"] = ["chat"],
        ["change_group"] = ["chat", "name", "description", "owner", "announcement_type"],
        ["disband"] = ["chat"],
    };

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var named = input.Need("as");
        var who = state.Named(named)?.UserId
            ?? throw new ControlRefusal($"There is no person {named}. People: {state.SomeNames}.");
        var what = input.Need("do");
        if (!Members.TryGetValue(what, out var members) && !ApprovalActCommand.Members.TryGetValue(what, out members)
            && !ClientCodes.Members.TryGetValue(what, out members))
        {
            string[] known = [.. Members.Keys, .. ClientCodes.Members.Keys, .. ApprovalActCommand.Members.Keys.Order()];
            throw new ControlRefusal($"\"do\": {what} is unknown. Known: {string.Join(", ", known)}.");
        }

        input.Only(["as", "do", "platform", .. members]);
        if (ApprovalActCommand.Members.ContainsKey(what)) return await approvals.RunAsync(who, what, input, cancellationToken);
        if (ClientCodes.Members.ContainsKey(what)) return codes.Run(who, what, input);
        return what switch
        {
            "click" => await ClickAsync(who, input, cancellationToken),
            "send" => Show(Send(who, input, ChatToSendTo(who, input), input.Text("reply_to"))),
            "reply" => Show(Send(who, input, ChatOfMessage(input), input.Need("message_id"))),
            "forward" => Show(people.Forward(who, input.Texts("message_ids") ?? [input.Need("message_id")], ChatToSendTo(who, input))),
            "pin" => Show(people.SetPin(who, input.Need("message_id"), input.Flag("remove", false))),
            "mute_bot" => Show(people.MuteBot(who, ChatOrBot(who, input), input.Flag("remove", false))),
            "edit" => Show(people.Edit(who, input.Need("message_id"), input.Need("text"))),
            "read" => Show(people.MarkRead(who, ChatOrBot(who, input))),
            "react" => Show(people.React(who, input.Need("message_id"), input.Text("emoji") ?? "THUMBSUP", input.Flag("remove", false))),
            "recall" => Show(people.Recall(who, input.Need("message_id"))),
            "open" => Show(people.OpenChatWithBot(who, AppOf(input))),
            "create_group" => Show(people.CreateGroup(who, input.Need("name"), input.Texts("people") ?? [], input.Texts("bots") ?? [])),
            "add_bot" => Show(people.AddBot(who, input.Need("chat"), AppOf(input))),
            "remove_bot" => Show(people.RemoveBot(who, input.Need("chat"), AppOf(input))),
            "add_person" => Show(people.AddPerson(who, input.Need("chat"), input.Need("person"))),
            "remove_person" => Show(people.RemovePerson(who, input.Need("chat"), input.Need("person"))),
            "withdraw_person" => Show(people.WithdrawInvitation(who, input.Need("chat"), input.Need("person"))),
            "change_group" when input.Text("announcement_type") is { } type => Show(ChangeAnnouncement(who, input.Need("chat"), type)),
            "change_group" => Show(people.ChangeGroup(who, input.Need("chat"), input.Text("name"), input.Text("description"), input.Text("owner"))),
            "disband" => Show(people.Disband(who, input.Need("chat"))),
            "leave" => Show(people.LeaveChat(who, input.Need("chat"))),
            _ => throw new InvalidOperationException($"The members of {what} are known, its action is not."),
        };
    }

    /// <summary>No person can do that on the platform: groups are as old as they are.</summary>
    private ActionOutcome ChangeAnnouncement(string who, string chat, string type)
    {
        if (type is not ("doc" or "docx")) throw new ControlRefusal("\"announcement_type\" is doc or docx.");
        if (state.Chat(chat) is not { Kind: ChatKind.Group } group || !group.Has(who))
            throw new ControlRefusal($"{who} is in no group {chat}.");
        state.ChangeChat(chat, c => c with { HasOldAnnouncement = type == "doc", Announcement = null });
        return new ActionOutcome(chat);
    }

    private ActionOutcome Send(string who, ControlInput input, string? chat, string? replyTo)
    {
        var inThread = input.Flag("in_thread", false);
        var type = input.Text("msg_type") ?? "text";
        if (input.Text("text") is { } text && type == "text") return people.SendText(who, chat, text, replyTo, inThread);
        if (input.Text("base64") is { } base64)
        {
            var bytes = new byte[base64.Length];
            if (!Convert.TryFromBase64String(base64, bytes, out var length)) throw new ControlRefusal("\"base64\" is not base64.");
            return people.SendUpload(who, chat, type, input.Text("name") ?? type, bytes.AsMemory(0, length), input.Int("duration_ms", 0, 24 * 3600 * 1000), replyTo, inThread);
        }

        if (input.Body["content"] is { } content) return people.SendContent(who, chat, type, content is JsonObject ? content.ToJsonString() : input.Need("content"), replyTo, inThread);
        throw new ControlRefusal($"\"{input.Text("do")}\" needs \"text\", or \"msg_type\" and \"content\" (or \"base64\" for an image, sticker, file, audio or media).");
    }

    private string? ChatToSendTo(string who, ControlInput input) =>
        input.Text("chat") ?? (input.Text("app_id") is not null ? people.OpenChatWithBot(who, AppOf(input)).ChatId : null);

    private async Task<JsonObject> ClickAsync(string who, ControlInput input, CancellationToken cancellationToken)
    {
        var messageId = input.Text("message_id") ?? NewestCard(who, ChatOrBot(who, input));
        if (state.Message(messageId) is null) throw new ControlRefusal($"There is no message {messageId}.");
        var result = await people.ClickAsync(who, messageId, new CardClick
        {
            Path = input.Text("path"), Name = input.Text("name"), ElementId = input.Text("element_id"), Text = input.Text("text"),
            Value = input.Body["value"]?.DeepClone(), Tag = input.Text("tag"), Index = input.Int("index", 0, 1000), Option = input.Text("option"),
            Options = [.. input.Texts("options") ?? []], InputValue = input.Text("input_value"), Checked = input.OptionalFlag("checked"),
            FormValue = input.Object("form_value")?.DeepClone().AsObject(), Locale = input.Text("locale"),
        }, cancellationToken);
        // No page made this click: every open page of the person shows how it ended.
        if (result.Toast is not null || result.ErrorCode is not null) state.Announce(ChangeKind.Toast, state.Message(messageId)?.ChatId, messageId, who, result);
        var answer = new JsonObject { ["ok"] = result.Error is null, ["message_id"] = messageId, ["chat_id"] = state.Message(messageId)?.ChatId };
        if (result.Toast is { } toast) answer["toast"] = new JsonObject { ["type"] = toast.Type, ["content"] = toast.Content };
        if (result.Error is not null) answer["error"] = new JsonObject { ["code"] = result.ErrorCode, ["message"] = result.Error.En };
        if (result.OpenUrl is not null) answer["open_url"] = result.OpenUrl;
        answer["card_changed"] = result.CardChanged;
        return answer;
    }

    private string NewestCard(string who, string chatId) =>
        state.Messages(chatId, viewer: who).LastOrDefault(m => m.Card is not null && !m.Deleted)?.MessageId
        ?? throw new ControlRefusal("There is no card in this chat; say \"message_id\" or \"chat\".");

    private string ChatOrBot(string who, ControlInput input) => input.Text("chat") ?? state.GetOrCreateBotChat(who, state.App(AppOf(input))!, out _).ChatId;

    private string? ChatOfMessage(ControlInput input) => state.Message(input.Need("message_id"))?.ChatId ?? throw new ControlRefusal($"There is no message {input.Text("message_id")}.");

    private string AppOf(ControlInput input)
    {
        var app = input.Text("app_id");
        if (app is not null && state.App(app) is null) throw new ControlRefusal($"There is no app {app}. Apps: {string.Join(", ", state.Apps.Select(a => a.AppId))}.");
        return app ?? state.Apps.FirstOrDefault(a => a.BotEnabled)?.AppId ?? throw new ControlRefusal("The company has no bot.");
    }

    private static JsonObject Show(ActionOutcome outcome)
    {
        if (outcome.Refusal is { } why) throw new ControlRefusal(why.En);
        var answer = ControlEndpoints.Done();
        if (outcome.MessageId is not null) answer["message_id"] = outcome.MessageId;
        if (outcome.ChatId is not null) answer["chat_id"] = outcome.ChatId;
        return answer;
    }
}

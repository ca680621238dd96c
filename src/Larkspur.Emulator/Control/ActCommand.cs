using System.Text.Json.Nodes;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Control;

/// <summary>A person acts: <c>{"as":"alice","do":"send","text":"hi"}</c>.</summary>
internal sealed class ActCommand(EmulatedWorld world, IPersonActions people)
{
    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var who = input.Need("as");
        if (world.Person(who) is null) throw new ControlRefusal($"There is no person {who}. People: {string.Join(", ", world.People.Select(p => p.UserId))}.");
        var what = input.Need("do");
        return what switch
        {
            "click" => await ClickAsync(who, input, cancellationToken),
            "send" => Show(Send(who, input)),
            "reply" => Show(people.SendText(who, ChatOfMessage(input), input.Need("text"), input.Need("message_id"), input.Flag("in_thread", false))),
            "edit" => Show(people.Edit(who, input.Need("message_id"), input.Need("text"))),
            "read" => Show(people.MarkRead(who, ChatOrBot(who, input))),
            "react" => Show(people.React(who, input.Need("message_id"), input.Text("emoji") ?? "THUMBSUP", input.Flag("remove", false))),
            "recall" => Show(people.Recall(who, input.Need("message_id"))),
            "open" => Show(people.OpenChatWithBot(who, AppOf(input))),
            "create_group" => Show(people.CreateGroup(who, input.Need("name"), input.Texts("people") ?? [], input.Texts("bots") ?? [])),
            "add_bot" => Show(people.AddBot(who, NeedChat(input), AppOf(input))),
            "remove_bot" => Show(people.RemoveBot(who, NeedChat(input), AppOf(input))),
            "add_person" => Show(people.AddPerson(who, NeedChat(input), input.Need("person"))),
            "leave" => Show(people.LeaveChat(who, NeedChat(input))),
            "approve" or "reject" => throw new ControlRefusal($"\"{what}\" needs the approval engine, which this emulator does not have yet.", 501),
            _ => throw new ControlRefusal($"\"do\": {what} is unknown. Known: send, reply, click, edit, read, react, recall, open, create_group, add_bot, remove_bot, add_person, leave."),
        };
    }

    private ActionOutcome Send(string who, ControlInput input)
    {
        var chat = ChatOf(input) ?? (input.Text("app") is not null ? people.OpenChatWithBot(who, AppOf(input)).ChatId : null);
        var type = input.Text("msg_type") ?? "text";
        if (input.Text("text") is { } text && type == "text") return people.SendText(who, chat, text, input.Text("reply_to"), input.Flag("in_thread", false));
        if (type is "image" or "file" && input.Text("base64") is { } base64)
        {
            var bytes = new byte[base64.Length];
            if (!Convert.TryFromBase64String(base64, bytes, out var length)) throw new ControlRefusal("\"base64\" is not base64.");
            var name = input.Text("name") ?? type;
            return type == "image" ? people.SendImage(who, chat, name, bytes.AsMemory(0, length)) : people.SendFile(who, chat, name, bytes.AsMemory(0, length));
        }

        if (input.Body["content"] is { } content) return people.SendContent(who, chat, type, content is JsonObject ? content.ToJsonString() : input.Need("content"), input.Text("reply_to"));
        throw new ControlRefusal("\"send\" needs \"text\", or \"msg_type\" and \"content\" (or \"base64\" for an image or file).");
    }

    private async Task<JsonObject> ClickAsync(string who, ControlInput input, CancellationToken cancellationToken)
    {
        var messageId = input.Text("message_id") ?? NewestCard(who, ChatOrBot(who, input));
        if (world.Message(messageId) is null) throw new ControlRefusal($"There is no message {messageId}.");
        var result = await people.ClickAsync(who, messageId, new CardClick
        {
            Path = input.Text("path"), Name = input.Text("name"), ElementId = input.Text("element_id"), Text = input.Text("text"),
            Value = input.Body["value"]?.DeepClone(), Tag = input.Text("tag"), Index = input.Int("index", 0, 1000), Option = input.Text("option"),
            Options = [.. input.Texts("options") ?? []], InputValue = input.Text("input_value"), Checked = input.OptionalFlag("checked"),
            FormValue = (input.Object("form_value") ?? input.Object("form"))?.DeepClone().AsObject(), Locale = input.Text("locale"),
        }, cancellationToken);
        // No page made this click: every open page of the person shows how it ended.
        if (result.Toast is not null || result.ErrorCode is not null) world.Announce(ChangeKind.Toast, world.Message(messageId)?.ChatId, messageId, who, result);
        var answer = new JsonObject { ["ok"] = result.Error is null, ["message_id"] = messageId, ["chat_id"] = world.Message(messageId)?.ChatId };
        if (result.Toast is { } toast) answer["toast"] = new JsonObject { ["type"] = toast.Type, ["content"] = toast.Content };
        if (result.Error is not null) answer["error"] = new JsonObject { ["code"] = result.ErrorCode, ["message"] = result.Error.En };
        if (result.OpenUrl is not null) answer["open_url"] = result.OpenUrl;
        answer["card_changed"] = result.CardChanged;
        return answer;
    }

    private string NewestCard(string who, string chatId) =>
        world.Messages(chatId, viewer: who).LastOrDefault(m => m.Card is not null && !m.Deleted)?.MessageId
        ?? throw new ControlRefusal("There is no card in this chat; say \"message_id\" or \"chat\".");

    private string ChatOrBot(string who, ControlInput input) => ChatOf(input) ?? world.MeetBot(who, world.App(AppOf(input))!, out _).ChatId;

    /// <summary>Both spellings are taken: what <c>act</c> answers calls it <c>chat_id</c>.</summary>
    private static string? ChatOf(ControlInput input) => input.Text("chat") ?? input.Text("chat_id");

    private static string NeedChat(ControlInput input) => ChatOf(input) is { Length: > 0 } chat ? chat : input.Need("chat");

    private string? ChatOfMessage(ControlInput input) => world.Message(input.Need("message_id"))?.ChatId ?? throw new ControlRefusal($"There is no message {input.Text("message_id")}.");

    private string AppOf(ControlInput input)
    {
        var app = input.Text("app");
        if (app is not null && world.App(app) is null) throw new ControlRefusal($"There is no app {app}. Apps: {string.Join(", ", world.Apps.Select(a => a.AppId))}.");
        return app ?? world.Apps.FirstOrDefault(a => a.BotEnabled)?.AppId ?? throw new ControlRefusal("The company has no bot.");
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

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>审批助手: the platform's own bot, with which everybody has a chat. No app is in that chat.</summary>
internal sealed class ApprovalBot(EmulatorState state, MessagePost post)
{
    public const string Todo = "1008";
    public const string Reminder = "1013";
    private static readonly TimeSpan Updatable = TimeSpan.FromDays(30);

    public static readonly ImmutableHashSet<string> Templates =
        ["1002", "1003", "1004", "1005", "1006", "1007", Todo, "1009", "1010", "1011", "1012", Reminder, "1015", "1016", "1017", "1018", "1019", "1020", "1024", "1026", "1028"];

    /// <returns>The message's id.</returns>
    public string Send(string personId, ApprovalNotice notice)
    {
        var chat = state.GetOrCreateApprovalBotChat(personId);
        var card = Card(notice, "", "");
        var message = post.Post(new Draft
        {
            Chat = chat, SenderKind = SenderKind.App, SenderId = EmulatorState.ApprovalBotId, MsgType = "interactive", Content = card,
            Reading = new MessageContent { Rendered = card, Card = new CardState { Json = card, IsV2 = true, Shared = true } },
        });
        state.RememberApprovalNotice(message.MessageId, notice);
        return message.MessageId;
    }

    /// <returns>False when there is no such message that can still be changed.</returns>
    public bool Update(string messageId, string appId, string status, string statusName)
    {
        if (state.ApprovalNotice(messageId) is not { Template: Todo } notice || notice.AppId != appId || state.Clock.GetUtcNow() - notice.SentAt > Updatable) return false;
        var card = Card(notice, status, statusName);
        return state.ChangeMessage(messageId, m => m with { Content = card, Rendered = card, Card = m.Card! with { Json = card }, UpdateTime = state.Clock.GetUtcNow() }) is not null;
    }

    private static string Card(ApprovalNotice notice, string status, string statusName)
    {
        var elements = new JsonArray();
        if (notice.Lines.Length > 0) elements.Add(new JsonObject { ["tag"] = "markdown", ["content"] = string.Join('\n', notice.Lines) });
        if (status.Length > 0) elements.Add(new JsonObject { ["tag"] = "markdown", ["content"] = "**" + (statusName.Length > 0 ? statusName : Says(status)) + "**" });
        foreach (var (name, url) in notice.Actions.Where(a => a.Url.Length > 0))
        {
            elements.Add(new JsonObject
            {
                ["tag"] = "button", ["text"] = new JsonObject { ["tag"] = "plain_text", ["content"] = name },
                ["behaviors"] = new JsonArray(new JsonObject { ["type"] = "open_url", ["default_url"] = url }),
            });
        }

        if (elements.Count == 0) elements.Add(new JsonObject { ["tag"] = "markdown", ["content"] = notice.Approval });
        return CanonicalJson.Write(new JsonObject
        {
            ["schema"] = "2.0", ["config"] = new JsonObject { ["update_multi"] = true },
            ["header"] = new JsonObject
            {
                ["template"] = status switch { "" => "blue", "APPROVED" => "green", "REJECTED" => "red", _ => "grey" },
                ["title"] = new JsonObject { ["tag"] = "plain_text", ["content"] = $"{(notice.Template switch { Todo => "待审批", Reminder => "催办", _ => "审批" })} · {notice.Approval}" },
            },
            ["body"] = new JsonObject { ["elements"] = elements },
        });
    }

    private static string Says(string status) => status switch
    {
        "APPROVED" => "已同意", "REJECTED" => "已拒绝", "CANCELLED" => "已撤回", "FORWARDED" => "已转交", "ROLLBACK" => "已退回", "ADD" => "已加签", "DELETED" => "已删除", _ => "已处理",
    };
}

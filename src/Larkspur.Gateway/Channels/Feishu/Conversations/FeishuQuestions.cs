using Larkspur.Feishu.Api;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Assistant.Commands;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Channels.Feishu.Conversations;

/// <summary>What is said to the bot in Feishu, on its way to the assistant.</summary>
internal sealed class FeishuQuestions(IAssistant assistant, FeishuPeople people)
{
    /// <summary>There is an assistant.</summary>
    public bool AreTaken => assistant.IsOn;

    /// <summary>The assistant's own commands, for the bot's list.</summary>
    public static IEnumerable<Command> Commands(AssistantCommands commands, Func<FeishuQuestions> questions) => commands.All.Where(c => c.Name != "help")
        .Select(c => new Command(c.Name, c.Aliases, (request, cancellation) => questions().ReactAsync(request, request.Text.Length == 0 ? "/" + c.Name : $"/{c.Name} {request.Text}", cancellation)));

    public async ValueTask<Reaction> ReactAsync(BotRequest request, string text, CancellationToken cancellation)
    {
        var sender = request.Sender.SenderId!;
        var known = await people.FindAsync(request.App.Name, sender.OpenId!, cancellation);
        // The event names the company whose app was written to, the sender the one that they are of.
        var (own, theirs) = (request.Context.Event.TenantKey, request.Sender.TenantKey);
        var account = FeishuAccounts.Of(request.App.Name, own, theirs, sender.OpenId!, sender.UnionId, sender.UserId, known);
        var address = request.Answer("interactive", "");
        return await assistant.ReactAsync(new UnifiedMessage
        {
            Platform = account.Platform, App = request.App.Name, Sender = account, ChatId = request.Message.ChatId!, IsGroup = request.Message.ChatType != MessageChatType.P2p,
            ThreadId = request.Message.ThreadId is { Length: > 0 } thread ? thread : null,
            MessageId = request.Message.MessageId!, Text = text, Attachments = request.Attachments, Quoted = request.Quoted, Language = request.Language,
            Reply = new ReplyAddress(address.Lane, address.TargetType, address.Target) { InThread = address.InThread },
        }, request.Context, cancellation);
    }
}

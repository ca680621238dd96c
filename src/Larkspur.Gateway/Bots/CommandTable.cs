using Larkspur.Feishu.Api;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Bots;

/// <summary>A message to the bot, understood as far as its words.</summary>
internal sealed record BotRequest
{
    public required EventContext Context { get; init; }

    public required FeishuApp App { get; init; }

    public required EventMessage Message { get; init; }

    public required EventSender Sender { get; init; }

    public required Language Language { get; init; }

    /// <summary>The text after the command, or all of it.</summary>
    public required string Text { get; init; }

    /// <summary>Pictures and files that came with it.</summary>
    public IReadOnlyList<Channels.Conversations.UnifiedAttachment> Attachments { get; init; } = [];

    /// <summary>The message that it answers, where somebody looks at it; null: none.</summary>
    public Channels.Conversations.QuotedMessage? Quoted { get; init; }

    /// <summary>Addresses an answer: in a group it quotes the message, so that people see whom it answers.</summary>
    public Outbox.OutboxMessage Answer(string messageType, string content) => Message.ChatType == MessageChatType.P2p
        ? Outbox.OutboxMessage.ToChat(Message.ChatId!, messageType, content)
        : Outbox.OutboxMessage.Reply(Message.ChatId!, Message.MessageId!, messageType, content);

    public Outbox.OutboxMessage Answer(CardBuilder card) => Answer("interactive", card.ToJson());
}

/// <summary>A command: its name, its other names, and what it does.</summary>
/// <param name="Name">Without slash. Its description is the text <c>command.{Name}</c>.</param>
/// <param name="Aliases">Other names, without slash.</param>
/// <param name="RunAsync">Makes the reaction.</param>
internal sealed record Command(string Name, string[] Aliases, Func<BotRequest, CancellationToken, ValueTask<Reaction>> RunAsync);

/// <summary>The bot's commands, in the order of <c>/help</c>.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, Command> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Command> _commands = [];

    public IReadOnlyList<Command> All => _commands;

    public CommandTable Add(Command command)
    {
        _commands.Add(command);
        foreach (var name in (string[])[command.Name, .. command.Aliases]) _byName.Add(name, command);
        return this;
    }

    public Command? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Takes a text apart: <c>/name the rest</c>.</summary>
    public static bool TryParse(string text, out string name, out string rest)
    {
        name = rest = "";
        // Chinese keyboards give a full-width slash.
        if (text.Length < 2 || text[0] is not ('/' or '／') || char.IsWhiteSpace(text[1])) return false;
        var end = text.AsSpan().IndexOfAny(" \t\r\n");
        name = end < 0 ? text[1..] : text[1..end];
        rest = end < 0 ? "" : text[end..].Trim();
        return true;
    }
}

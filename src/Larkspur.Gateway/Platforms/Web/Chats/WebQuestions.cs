using System.Text.Json;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>What people write and click in the web chat, on its way to the bot.</summary>
internal sealed class WebQuestions(BotMessages bot, IAssistant assistant, WebSessionStore sessions, ChatReaders readers)
{
    public async ValueTask<Reaction> AskedAsync(EventContext context, CancellationToken cancellation)
    {
        var said = Read<SaidInChat>(context);
        if (await sessions.FindAsync(said.Session, cancellation) is not { } session) return Reaction.Ignore("session_gone");
        var text = said.Text.Trim();
        var reaction = await bot.ReactAsync(new UnifiedMessage
        {
            Platform = WebChat.Platform, App = WebChat.App, Sender = session.Account, ChatId = session.Person,
            MessageId = context.Event.EventId, Text = text, Command = SlashCommand.Of(text), Session = session.Name,
            Attachments = [.. (said.Files ?? []).Select(f => new UnifiedAttachment(f.Kind, f.Id, f.Name))],
            Language = Languages.FromTag(said.Language) ?? Language.English, Reply = new ReplyAddress(session.Person, WebConversation.TargetType, session.Person),
        }, context, cancellation);
        return new Reaction(async effects =>
        {
            // First: it stands above what is said to it.
            var row = await ChatStore.AddAsync(effects.Unit, new ChatRow
            {
                Person = session.Person, Kind = ChatKind.Question, Key = context.Event.EventId, Session = session.Name, Text = said.Text, Face = new ChatFace { Files = said.Files ?? [] }, Reference = context.Reference, At = context.Event.ReceivedAt,
            });
            if (row is not null) effects.Unit.AfterCommit(() => readers.Changed(row.Person));
            foreach (var file in said.Files ?? []) await WebFile.SentAsync(effects.Unit, file.Id, context.Event.EventId);
            return await reaction.Apply(effects);
        });
    }

    public async ValueTask<Reaction> ClickedAsync(EventContext context, CancellationToken cancellation)
    {
        var click = Read<ClickInChat>(context);
        if (await sessions.FindAsync(click.Session, cancellation) is not { } session || !AnswerAction.TryParse(click.Action, out var action)) return Reaction.Ignore("session_gone");
        return await assistant.ReactAsync(action, session.Account, context, cancellation);
    }

    private static T Read<T>(EventContext context)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(context.Event.Payload.Span) ?? throw new UnreadableEventException("The body is null.");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException($"The body of {context.Event.EventType} does not have its shape at {e.Path}.", e);
        }
    }
}

/// <summary>A message as the inbox keeps it. Whose session it is stands with the session.</summary>
internal sealed record SaidInChat(string Session, string Text, string Language, IReadOnlyList<ChatFileView>? Files = null);

/// <summary>A click as the inbox keeps it.</summary>
internal sealed record ClickInChat(string Session, string Action);

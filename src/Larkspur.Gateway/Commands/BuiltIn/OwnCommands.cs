using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Commands.BuiltIn;

/// <summary><c>/help</c> and <c>/whoami</c>, on every platform.</summary>
internal sealed class OwnCommands(IServiceProvider services, IQuestions questions, ReplySender replies) : ICommandSource
{
    public IEnumerable<BotCommand> Commands =>
    [
        BotCommand.Own(CommandRegistry.Help, ["帮助", "?", "？"], (heard, _) => ValueTask.FromResult(Help(heard))),
        BotCommand.Own("whoami", ["我是谁"], WhoAmIAsync),
    ];

    /// <summary>What there really is. The table is asked for when somebody calls: it is made of this.</summary>
    private Reaction Help(HeardCommand heard)
    {
        var language = heard.Message.Language;
        var lines = services.GetRequiredService<CommandRegistry>().For(heard.Message.App)
            .Select(c => $"- **/{c.Name}**  {c.Description.In(language.Tag())}");
        var intro = questions.AreTaken ? BotTexts.AssistantHelp.In(language) + "\n\n" : "";
        return Answer(heard, new UnifiedResponse(intro + string.Join('\n', lines))
        {
            Title = BotTexts.HelpTitle.In(language), Note = BotTexts.HelpFooter.In(language),
        });
    }

    /// <summary>The person as the app sees them; the first thing to look at when permissions are wrong.</summary>
    private async ValueTask<Reaction> WhoAmIAsync(HeardCommand heard, CancellationToken cancellation)
    {
        var message = await heard.Message.WithSenderAsync(cancellation);
        var (language, told) = (message.Language, message.Metadata);
        var hidden = told.GetValueOrDefault("name_permission") is { } permission
            ? BotTexts.WhoamiHiddenPermission(permission).In(language)
            : BotTexts.WhoamiHidden.In(language);
        List<CardFact> facts = [Fact("name", message.Sender.Name ?? hidden)];
        facts.AddRange(message.Sender.Ids.DistinctBy(i => i.Kind).Select(i => Fact(i.Kind, i.Value)));
        facts.Add(Fact("chat_id", message.ChatId));
        facts.Add(Fact("app", told.GetValueOrDefault("app_id") is { } id ? $"{message.App} ({id})" : message.App));
        var title = BotTexts.WhoamiTitle.In(language);
        return Answer(heard, new UnifiedResponse(title)
        {
            Kind = ResponseKind.Card, Locale = language.Tag(),
            Card = new CardMessage { Title = title, Status = CardStatus.Info, Facts = facts },
        });

        CardFact Fact(string kind, string value) =>
            new(BotTexts.FindWhoAmI(kind)?.In(language) ?? kind, value) { Wide = true };
    }

    private Reaction Answer(HeardCommand heard, UnifiedResponse response) => new(async effects =>
    {
        await replies.AnswerAsync(effects, heard.Message, heard.Context, response);
        return Outcome.Answered;
    });
}

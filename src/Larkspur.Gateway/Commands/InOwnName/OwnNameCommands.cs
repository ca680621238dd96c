using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Authorizations.Asking;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Commands.InOwnName;

/// <summary>Runs the commands in people's own names: asks for their word where it is missing, and goes on with it.</summary>
internal sealed class OwnNameCommands(IEnumerable<IOwnNameCommand> commands, FeishuApps apps, PersonCalls calls,
    AuthorizationRequests requests, UserResolver people, ReplySender replies) : ICommandSource, IAuthorizationResume
{
    private readonly IReadOnlyList<IOwnNameCommand> _commands = [.. commands];

    public string Kind => "command";

    public IEnumerable<BotCommand> Commands =>
        _commands.Select(c => BotCommand.Own(c.Name, c.Aliases, (heard, cancellation) => RunAsync(c, heard, cancellation)) with
        {
            // Where a company has no Feishu nobody is told of what is Feishu's.
            IsOffered = () => apps.All.Count > 0,
        });

    private async ValueTask<Reaction> RunAsync(IOwnNameCommand command, HeardCommand heard, CancellationToken cancellation)
    {
        var message = await heard.Message.WithSenderAsync(cancellation);
        // A business system speaks in it for a person; their own word it is not.
        if (UserResolver.IsNamed(message.Sender)) return Say(message, heard.Context, OwnNameTexts.Named, "named_session");
        var person = await people.OfAsync(message.Sender, cancellation);
        if (OwnFeishuAccount.Find(apps, message.Platform, message.App, message.Sender, person) is not { IsExternal: not true } own)
            return Say(message, heard.Context, OwnNameTexts.NoAccount, "no_account");
        try
        {
            if (await calls.FindAsync(own.App, own.OpenId, AuthorizationHolders.Bot, command.Scopes, cancellation) is { } given)
            {
                var answer = await command.AnswerAsync(own.App, given, message.Language, cancellation);
                return new Reaction(async effects =>
                {
                    await replies.AnswerAsync(effects, message, heard.Context, answer);
                    return Outcome.Answered;
                });
            }
        }
        catch (AuthorizationNeededException)
        {
            // What they allowed has run out: they are asked as if for the first time.
            return Ask(command, own, message, heard.Context);
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            return Say(message, heard.Context, OwnNameTexts.Refused(heard.Context.Reference), "platform_refused");
        }

        return Ask(command, own, message, heard.Context);
    }

    private Reaction Ask(IOwnNameCommand command, OwnFeishuAccount own, UnifiedMessage message, EventContext context)
    {
        if (!requests.CanAsk) return Say(message, context, OwnNameTexts.NoAddress, "no_public_address");
        var wish = new AuthorizationWish(own.App.Name, own.OpenId, AuthorizationHolders.Bot, "", command.Scopes, command.Reason);
        var place = message.IsGroup ? null : new CardPlace(message.Platform, message.App, message.Reply, message.Language.Tag());
        var payload = JsonSerializer.Serialize(new Stopped(command.Name, message.Platform, message.App, message.Reply,
            message.Language.Tag(), context.Reference, message.MessageId));
        return new Reaction(async effects =>
        {
            try
            {
                var (row, _) = await requests.AskAsync(effects.Unit, Actor.System, wish, message.MessageId, context.Reference, place);
                await ResumeRows.AddAsync(effects.Unit, row.Id, Kind, $"{message.Platform} {message.App} {message.MessageId}", payload,
                    effects.Now);
                // Others read along: the card is for one of them.
                if (message.IsGroup) await replies.AnswerAsync(effects, message, context,
                    UnifiedResponse.Text(AuthorizationTexts.CardSent.In(message.Language)));
                return Outcome.Answered;
            }
            catch (AuthorizationRefusedException e)
            {
                await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(OwnNameTexts.RefusedBefore.In(message.Language)));
                return Outcome.Refused(e.Word);
            }
        });
    }

    public async Task<Func<IUnitOfWork, ValueTask>> PrepareAsync(UserAuthorization given, string payload, CancellationToken cancellation)
    {
        var stopped = JsonSerializer.Deserialize<Stopped>(payload)!;
        var language = stopped.Language;
        // A command may have gone with a version.
        if (_commands.FirstOrDefault(c => c.Name == stopped.Command) is not { } command || !apps.TryGet(given.App, out var app))
            return _ => ValueTask.CompletedTask;
        UnifiedResponse answer;
        try
        {
            answer = await command.AnswerAsync(app, given, language, cancellation);
        }
        catch (AuthorizationNeededException)
        {
            answer = UnifiedResponse.Text(OwnNameTexts.Refused(stopped.Reference).In(language));
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            answer = UnifiedResponse.Text(OwnNameTexts.Refused(stopped.Reference).In(language));
        }

        return unit => SayAsync(unit, stopped, answer);
    }

    public ValueTask FailedAsync(IUnitOfWork unit, UserAuthorization given, string payload)
    {
        var stopped = JsonSerializer.Deserialize<Stopped>(payload)!;
        return SayAsync(unit, stopped, UnifiedResponse.Text(OwnNameTexts.Refused(stopped.Reference).In(stopped.Language)));
    }

    private ValueTask SayAsync(IUnitOfWork unit, Stopped stopped, UnifiedResponse answer) => replies.SayAsync(unit, stopped.Platform,
        stopped.App, stopped.Reply, answer, $"authorized {stopped.MessageId}", stopped.Reference);

    private Reaction Say(UnifiedMessage message, EventContext context, LocalText words, string why) => new(async effects =>
    {
        await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(words.In(message.Language)));
        return Outcome.Refused(why);
    });

    /// <summary>What is kept of a call until its person has answered.</summary>
    private sealed record Stopped(
        string Command, string Platform, string App, ReplyAddress Reply, string Locale, string Reference, string MessageId)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public Language Language => Languages.FromTag(Locale) ?? Common.Localisation.Language.Chinese;
    }
}

using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Authorizations.Requests;
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
internal sealed partial class OwnNameCommands(IEnumerable<IOwnNameCommand> commands, FeishuApps apps, PersonCalls calls,
    AuthorizationRequests requests, AppScopes granted, UserResolver people, ReplySender replies, ILogger<OwnNameCommands> logger)
    : ICommandSource, IAuthorizationResume
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
        if (!OwnFeishuAccount.IsOwnWord(message.Platform)) return Say(message, heard.Context, OwnNameTexts.Named, "named_session");
        var person = await people.OfAsync(message.Sender, cancellation);
        if (OwnFeishuAccount.Find(apps, message.Platform, message.App, message.Sender, person) is not { IsExternal: not true } own)
            return Say(message, heard.Context, OwnNameTexts.NoAccount, "no_account");
        try
        {
            if (await calls.FindAsync(own.App, own.OpenId, AuthorizationHolders.Bot, command.Scopes, cancellation) is { } given)
            {
                var answer = await command.AnswerAsync(own.App, given, message.Language, cancellation);
                return Show(own, message, heard.Context, answer);
            }
        }
        catch (AuthorizationNeededException)
        {
            // What they allowed has run out: they are asked as if for the first time.
            Ended(command.Name);
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            Refused(command.Name, heard.Context.Reference, e.Message);
            return Say(message, heard.Context, OwnNameTexts.Refused(heard.Context.Reference), "platform_refused");
        }

        if (await granted.MissingAsync(own.App, command.Scopes, cancellation) is { Count: > 0 } missing)
            return Say(message, heard.Context, AuthorizationTexts.NotEnabled(string.Join(", ", missing)), "scope_not_enabled");
        return Ask(command, own, message, heard.Context);
    }

    private Reaction Ask(IOwnNameCommand command, OwnFeishuAccount own, UnifiedMessage message, EventContext context)
    {
        if (!requests.CanAsk) return Say(message, context, OwnNameTexts.NoAddress, "no_public_address");
        var wish = new AuthorizationWish(own.App.Name, own.OpenId, AuthorizationHolders.Bot, "", command.Scopes, command.Reason);
        var place = message.IsGroup ? null : new CardPlace(message.Platform, message.App, message.Reply, message.Language.Tag());
        var payload = JsonSerializer.Serialize(new Stopped(command.Name, message.Sender, message.Platform, message.App,
            PlaceOf(own, message), message.Language.Tag(), context.Reference, message.MessageId));
        var work = new StoppedWork(Kind, $"{message.Platform} {message.App} {message.MessageId}", payload);
        return new Reaction(async effects =>
        {
            try
            {
                // Others of a group read along: the card is for one of them.
                if (await requests.StopAsync(effects.Unit, wish, work, context.Reference, place) && message.IsGroup)
                    await replies.AnswerAsync(effects, message, context,
                        UnifiedResponse.Text(AuthorizationTexts.CardSent.In(message.Language)));
                return Outcome.Answered;
            }
            catch (AuthorizationRefusedException e)
            {
                await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(e.Text.In(message.Language)));
                return Outcome.Refused(e.Word);
            }
        });
    }

    /// <summary>What is one's own is for oneself alone: in a group it comes in private.</summary>
    private Reaction Show(OwnFeishuAccount own, UnifiedMessage message, EventContext context, UnifiedResponse answer) =>
        new(async effects =>
        {
            if (!message.IsGroup) await replies.AnswerAsync(effects, message, context, answer);
            else
            {
                var place = PlaceOf(own, message);
                await replies.SayAsync(effects.Unit, place.Platform, place.App, place.To, answer, $"own {message.MessageId}",
                    context.Reference);
                await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(OwnNameTexts.InPrivate.In(message.Language)));
            }

            return Outcome.Answered;
        });

    private static CardPlace PlaceOf(OwnFeishuAccount own, UnifiedMessage message) => message.IsGroup
        ? CardPlace.Private(own.App.Name, own.OpenId) : new CardPlace(message.Platform, message.App, message.Reply, message.Language.Tag());

    public async Task<Func<IUnitOfWork, ValueTask>> PrepareAsync(UserAuthorization given, string payload, CancellationToken cancellation)
    {
        var stopped = JsonSerializer.Deserialize<Stopped>(payload)!;
        var language = stopped.Language;
        // A command may have gone with a version.
        if (_commands.FirstOrDefault(c => c.Name == stopped.Command) is not { } command) return _ => ValueTask.CompletedTask;
        // Away now, it may be back in a moment.
        var app = apps.Get(given.App);
        // Whose account it was may have been undone since: it goes to nobody but whose word this is.
        var person = await people.OfAsync(stopped.Sender, cancellation);
        var own = OwnFeishuAccount.Find(apps, stopped.Platform, stopped.App, stopped.Sender, person);
        if (own?.OpenId != given.OpenId || own.App.Name != given.App) return _ => ValueTask.CompletedTask;
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
            Refused(command.Name, stopped.Reference, e.Message);
            answer = UnifiedResponse.Text(OwnNameTexts.Refused(stopped.Reference).In(language));
        }

        return unit => SayAsync(unit, stopped, answer);
    }

    public ValueTask RefusedAsync(IUnitOfWork unit, UserAuthorization refused, string payload)
    {
        var stopped = JsonSerializer.Deserialize<Stopped>(payload)!;
        return SayAsync(unit, stopped, UnifiedResponse.Text(OwnNameTexts.NotAllowed.In(stopped.Language)));
    }

    public ValueTask FailedAsync(IUnitOfWork unit, UserAuthorization given, string payload)
    {
        var stopped = JsonSerializer.Deserialize<Stopped>(payload)!;
        return SayAsync(unit, stopped, UnifiedResponse.Text(OwnNameTexts.Refused(stopped.Reference).In(stopped.Language)));
    }

    private ValueTask SayAsync(IUnitOfWork unit, Stopped stopped, UnifiedResponse answer) => replies.SayAsync(unit, stopped.To.Platform,
        stopped.To.App, stopped.To.To, answer, $"authorized {stopped.MessageId}", stopped.Reference);

    private Reaction Say(UnifiedMessage message, EventContext context, LocalText words, string why) => new(async effects =>
    {
        await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(words.In(message.Language)));
        return Outcome.Refused(why);
    });

    [LoggerMessage(LogLevel.Information, "What somebody allowed for /{Command} has run out; they are asked again")]
    private partial void Ended(string command);

    [LoggerMessage(LogLevel.Warning, "The platform refused /{Command} in its caller's own name, reference {Reference}: {Why}")]
    private partial void Refused(string command, string reference, string why);

    /// <summary>What is kept of a call until its person has answered.</summary>
    private sealed record Stopped(string Command, PlatformAccount Sender, string Platform, string App, CardPlace To, string Locale,
        string Reference, string MessageId)
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public Language Language => Languages.FromTag(Locale) ?? Common.Localisation.Language.Chinese;
    }
}

using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Quotes;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant;

/// <summary>Puts a question in line for its answer, or says in friendly words why not. The permission is asked before any backend is.</summary>
internal sealed class QuestionIntake(
    AssistantRoutes routes, QuestionAuthorizer right, DepartmentBranches branches, ConversationStore conversations, WaitingFiles waiting,
    TurnWorker worker, ReplySender speaking, IDatabase database, AssistantOptions options, AssistantMetrics metrics)
{
    /// <summary>Questions of one person within a minute after which somebody is talking with a machine.</summary>
    private const int LoopBound = 20;

    /// <summary>Beyond what any setting lets through: what is left out is told with the others.</summary>
    private const int MostAttachments = 50;

    private static readonly TimeSpan LoopSpan = TimeSpan.FromMinutes(1);

    /// <param name="message">What was said.</param>
    /// <param name="person">By whom.</param>
    /// <param name="context">The event.</param>
    /// <param name="named">The route that a command named; null: by the rules.</param>
    /// <param name="text">What is asked.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<Reaction> AskAsync(UnifiedMessage message, KnownPerson person, EventContext context, AssistantRoute? named, string text, CancellationToken cancellation)
    {
        var language = message.Language;
        if (text.Length == 0 && message.Attachments.Count == 0 && message.Quoted is null)
            return Refuse(message, context, "empty", BotTexts.Empty.In(language));
        if (text.Length > options.MaxQuestion)
            return Refuse(message, context, "too_long", AssistantTexts.TooLong(options.MaxQuestion).In(language));
        var chosen = named is null ? await database.ReadAsync(sql => ConversationStore.ChoiceAsync(sql, person.Id, ConversationPlace.Of(message)), cancellation) : null;
        var departments = await branches.OfAsync(message.Sender, routes.NameDepartments, cancellation);
        if ((named ?? routes.Of(message, person, departments.Ids ?? [], chosen)) is not { } route)
            return Refuse(message, context, "no_route", AssistantTexts.NoRoute.In(language));
        if (await right.RefusalAsync(route, person, message.Sender, departments, cancellation) is { } refusal)
            return Refuse(message, context, refusal.Reason, refusal.Text.In(language));
        // A command that names who is asked is a question in itself.
        return named is null && waiting.AreIn(message, text, route)
            ? new Reaction(effects => WaitAsync(effects, message, person, context))
            : new Reaction(effects => PutAsync(effects, message, person, context, route, text));
    }

    /// <summary>Asks the question of a turn again, for whoever does not like the answer, or whose answer broke off; or another one in its place.</summary>
    /// <returns>False: a question of this key was asked before, or too much is asked at once.</returns>
    public async ValueTask<bool> AgainAsync(IUnitOfWork unit, Turn turn, string key, DateTimeOffset now)
    {
        if (await BoundAsync(unit, turn.Person, now) is not null) return false;
        var place = ConversationPlace.Of(turn);
        var conversation = await conversations.OpenAsync(unit, turn.Person, turn.Route, place, now);
        var again = turn with { Name = Turn.NameOf(turn.Platform, turn.App, key), Conversation = conversation, Place = place, AskedAt = now };
        if (await TurnStore.AddAsync(unit, again) is not { } id) return false;
        worker.Stored(unit, new TurnEntry(id, conversation, again.Partition));
        return true;
    }

    private async ValueTask<Outcome> PutAsync(IEffects effects, UnifiedMessage message, KnownPerson person, EventContext context, AssistantRoute route, string text)
    {
        // Somebody may have become another person since the handler looked.
        var who = await PersonRows.SurvivorAsync(effects.Unit, person.Id) ?? person.Id;
        if (await BoundAsync(effects.Unit, who, effects.Now) is { } bound)
        {
            var words = bound.Reason switch
            {
                "too_many_questions" => AssistantTexts.TooMany(bound.Waiting).In(message.Language),
                "too_fast" => AssistantTexts.TooFast.In(message.Language),
                _ => AssistantTexts.FailedBusy(context.Reference).In(message.Language),
            };
            metrics.Refused(bound.Reason);
            // Once a minute: what answers every message of ours would otherwise be kept going by our own words.
            await speaking.SayAsync(effects, message, context, UnifiedResponse.Text(words), $"{bound.Reason} {who} {effects.Now.ToUnixTimeSeconds() / 60}");
            return Outcome.Refused(bound.Reason);
        }

        var name = Turn.NameOf(message.Platform, message.App, message.MessageId);
        // Before files are taken for it: a question that is there already has its own.
        if (await TurnStore.FindAsync(effects.Unit, name) is not null) return Outcome.Ignored("asked_before");
        var waited = await waiting.TakeAsync(effects.Unit, who, message, name, effects.Now);
        var place = ConversationPlace.Of(message);
        var conversation = await conversations.OpenAsync(effects.Unit, who, route.Name, place, effects.Now);
        var turn = new Turn
        {
            Name = name, Conversation = conversation, Person = who, Route = route.Name, Platform = message.Platform, App = message.App,
            ChatId = message.ChatId, Place = place, Reply = message.Reply, Sender = message.Sender, Language = message.Language, Reference = context.Reference, Question = text,
            Attachments = [.. message.Attachments.Concat(waited).Take(MostAttachments)], Quoted = message.Quoted is { } quoted
                ? QuotedText.Bounded(quoted) : null, AskedAt = effects.Now,
        };
        if (await TurnStore.AddAsync(effects.Unit, turn) is not { } id) return Outcome.Ignored("asked_before");
        worker.Stored(effects.Unit, new TurnEntry(id, conversation, turn.Partition));
        return Outcome.Asked;
    }

    /// <summary>Files without a word: their sender is asked what about, once for those that come together.</summary>
    private async ValueTask<Outcome> WaitAsync(IEffects effects, UnifiedMessage message, KnownPerson person, EventContext context)
    {
        var who = await PersonRows.SurvivorAsync(effects.Unit, person.Id) ?? person.Id;
        var (outcome, count) = await waiting.PutAsync(effects.Unit, who, message, effects.Now);
        if (outcome == WaitingOutcome.Known) return Outcome.Ignored("asked_before");
        if (outcome == WaitingOutcome.Full)
        {
            metrics.Refused("too_many_files");
            await speaking.SayAsync(effects, message, context, UnifiedResponse.Text(AttachmentTexts.WaitFull(count).In(message.Language)),
                $"too_many_files {who} {effects.Now.ToUnixTimeSeconds() / 60}");
            return Outcome.Refused("too_many_files");
        }

        if (outcome == WaitingOutcome.Waits || message.IsBeingAnswered)
            await speaking.SayAsync(effects, message, context, UnifiedResponse.Text(
                FileTexts.Ask(message.Language, [.. message.Attachments.Select(a => a.Kind)], count, options.FileWait)));
        return Outcome.Answered;
    }

    /// <summary>Why one more question is too many; null: it is not.</summary>
    private async ValueTask<(string Reason, int Waiting)?> BoundAsync(IUnitOfWork unit, string person, DateTimeOffset now)
    {
        var (all, own) = await TurnStore.WaitingAsync(unit, person);
        if (own >= options.MaxPerPerson) return ("too_many_questions", own);
        if (all >= options.MaxInAll) return ("busy", own);
        var recent = await unit.NumberAsync("SELECT COUNT(*) FROM (SELECT id FROM assistant_turn WHERE person = $1 AND asked_at > $2 ORDER BY id DESC LIMIT 100) AS recent",
            person, (now - LoopSpan).ToUnixTimeMilliseconds());
        return recent >= LoopBound ? ("too_fast", own) : null;
    }

    private Reaction Refuse(UnifiedMessage message, EventContext context, string reason, string words) => new(effects => RefuseAsync(effects, message, context, reason, words));

    private async ValueTask<Outcome> RefuseAsync(IEffects effects, UnifiedMessage message, EventContext context, string reason, string words)
    {
        metrics.Refused(reason);
        await speaking.SayAsync(effects, message, context, UnifiedResponse.Text(words));
        return Outcome.Refused(reason);
    }
}

using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>
/// What people decide on requests to link, and joins that they undo. The accounts are looked up by their ids, and nothing is learned of
/// who decides: only the account that made the code is the one
/// that is asked, not another of the same person, and not a session that speaks for them.
/// </summary>
internal sealed class LinkDecisions(IDatabase database, PersonJoining joining, LinkPolicy policy, Lazy<ILinkMessages> messages, AuditTrail audit, TimeProvider clock)
{
    private const string Feishu = "feishu";

    /// <inheritdoc cref="IIdentities.DecideLinkAsync"/>
    public Task<LinkResult> DecideAsync(PlatformAccount by, string? id, string? chat, bool confirms, CancellationToken cancellation)
    {
        var told = by.Checked();
        return database.TransactAsync(unit => DecideAsync(unit, told, id, chat, confirms), cancellation);
    }

    /// <inheritdoc cref="IIdentities.UndoLinkAsync"/>
    public Task<LinkResult> UndoAsync(PlatformAccount by, string? id, CancellationToken cancellation)
    {
        var told = by.Checked();
        return database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.AccountAsync(unit, told) is not var (person, account)) return new LinkResult(LinkOutcome.NothingToUndo, Nobody());
            if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person);
            var now = clock.GetUtcNow();
            // Theirs alone: an id that somebody has seen undoes nothing of others.
            var join = (await JoinRows.OpenOfAsync(unit, person.Id, now)).FirstOrDefault(j => id is null || j.Id == id);
            if (join is null)
            {
                // Worked on again after it was done and before that was heard of.
                return id is not null && await JoinRows.FindAsync(unit, id) is { UndoneAt: not null } done && (done.Former == person.Id || done.Person == person.Id)
                    ? new LinkResult(LinkOutcome.Undone, person) : new LinkResult(LinkOutcome.NothingToUndo, person);
            }

            return await joining.UndoAsync(unit, new Actor("account:" + Main(account)), join) is { } undone
                ? new LinkResult(LinkOutcome.Undone, undone.Former.Accounts.Any(a => a.Id == account.Id) ? undone.Former : undone.Person) : new LinkResult(LinkOutcome.NothingToUndo, person);
        }, cancellation);
    }

    private async ValueTask<LinkResult> DecideAsync(IUnitOfWork unit, PlatformAccount told, string? id, string? chat, bool confirms)
    {
        await PersonRows.LockAsync(unit);
        var now = clock.GetUtcNow();
        if (await HolderAsync(unit, told, id) is not var (person, account)) return new LinkResult(LinkOutcome.NothingAsked, Nobody());
        var request = id is null ? await LinkRequests.OpenOfAsync(unit, account.Id, now) ?? await LinkRequests.LastOfAsync(unit, account.Id) : await LinkRequests.FindAsync(unit, id);
        if (request is null || request.Account != account.Id) return new LinkResult(LinkOutcome.NothingAsked, person);
        // A card that was passed on to another chat says nothing there. Other platforms do not tell a click's chat as they tell a
        // message's.
        if (id is not null && request.Contact.Platform == Feishu && chat is { Length: > 0 } && chat != request.Contact.ChatId) return new LinkResult(LinkOutcome.NothingAsked, person);
        if (request.Outcome is { } outcome)
        {
            // Confirmed, and they have been separated since: that is another matter.
            var still = outcome != LinkRequest.Confirmed || await PersonRows.AccountAsync(unit, request.Other) is var (others, _) && others.Id == person.Id;
            return new LinkResult(still ? OutcomeOf(outcome, confirms) : LinkOutcome.NothingAsked, person);
        }

        if (request.ExpiresAt <= now) return new LinkResult(LinkOutcome.ExpiredRequest, person);
        if (person.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person);
        if (!confirms)
        {
            await LinkRequests.EndAsync(unit, request, LinkRequest.Refused, now);
            await messages.Value.RefusedAsync(unit, request);
            await audit.AddAsync(unit, new Actor("account:" + Main(account)), "person.link_refused", person.Id, new JsonObject { ["account"] = Main(account) });
            return new LinkResult(LinkOutcome.Refused, person);
        }

        // Everything that was looked at when the code was typed may be otherwise by now.
        if (await PersonRows.AccountAsync(unit, request.Other) is not var (typist, other)) return new LinkResult(LinkOutcome.ExpiredRequest, person);
        if (typist.Id == person.Id) return new LinkResult(LinkOutcome.Linked, person);
        if (typist.IsDisabled) return new LinkResult(LinkOutcome.Disabled, person);
        if (!policy.Permits(account) || !policy.Permits(other)) return new LinkResult(LinkOutcome.NotPermitted, person);
        if (await joining.IsGuardedAsync(unit, person.Id, typist.Id)) return new LinkResult(LinkOutcome.NotPermitted, person);
        if (await PersonRows.AreTwoAsync(unit, person.Id, typist.Ids)) return new LinkResult(LinkOutcome.TwoPeople, person);
        await LinkRequests.EndAsync(unit, request, LinkRequest.Confirmed, now);
        var (from, into) = PersonJoining.Order(person, typist);
        return new LinkResult(LinkOutcome.Linked, await joining.MergeAsync(unit, new Actor("account:" + Main(account)), PersonJoining.ByCode, from, into));
    }

    /// <summary>Who decides. A click that names no company is of whoever has this id by this app, if that is who was asked.</summary>
    private static async ValueTask<(KnownPerson Person, KnownAccount Account)?> HolderAsync(IUnitOfWork unit, PlatformAccount told, string? id)
    {
        if (told.ScopeIsAssumed && id is not null && await LinkRequests.FindAsync(unit, id) is { } request && request.Contact.App == told.App
            && await PersonRows.AccountAsync(unit, request.Account) is var (person, account) && account.Platform == told.Platform
            && told.Ids is [var own] && account.Ids.Any(i => (i.Kind, i.Compared) == (own.Kind, own.Compared))) return (person, account);
        return await PersonRows.AccountAsync(unit, told);
    }

    /// <summary>What was decided before. The same again is what it was; the opposite comes too late.</summary>
    private static LinkOutcome OutcomeOf(string outcome, bool confirms) => outcome switch
    {
        LinkRequest.Confirmed when confirms => LinkOutcome.Linked,
        LinkRequest.Refused when !confirms => LinkOutcome.Refused,
        LinkRequest.Expired => LinkOutcome.ExpiredRequest,
        _ => LinkOutcome.NothingAsked,
    };

    private static string Main(KnownAccount account) => account.Ids is [var main, ..] ? main.ToString() : account.Platform;

    private static KnownPerson Nobody() => new("", null, null, [], false);
}

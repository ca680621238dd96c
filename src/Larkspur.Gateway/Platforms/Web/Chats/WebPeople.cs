using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>Chats and sessions follow their people.</summary>
internal sealed class WebPeople(ChatReaders readers, TimeProvider clock) : IPersonMerged
{
    public async ValueTask MergedAsync(IUnitOfWork unit, PersonJoin join)
    {
        var (from, into) = (join.Former, join.Person);
        await ChatStore.MoveAsync(unit, join);
        await WebSessionStore.MoveAsync(unit, join);
        await WebFile.MoveAsync(unit, join);
        unit.AfterCommit(() =>
        {
            readers.PersonMoved(from);
            readers.Changed(into);
        });
    }

    /// <summary>Sessions first: what was written and uploaded in them goes with them.</summary>
    public async ValueTask UndoneAsync(IUnitOfWork unit, JoinUndo undo)
    {
        await WebSessionStore.ReturnAsync(unit, undo);
        await ChatStore.ReturnAsync(unit, undo);
        await WebFile.ReturnAsync(unit, undo);
        var stays = undo.Person;
        // Whoever reads comes again, and gets the chat that is theirs.
        unit.AfterCommit(() => readers.PersonMoved(stays));
    }

    /// <summary>The account's sessions are the new person's, who begins with an empty chat.</summary>
    public async ValueTask UnlinkedAsync(IUnitOfWork unit, string from, string to, IReadOnlyList<PlatformIdentity> ids)
    {
        foreach (var id in ids.Where(i => i is { Platform: WebChat.Platform, Kind: "subject" })) await WebSessionStore.MoveAsync(unit, from, to, id);
        unit.AfterCommit(() => readers.PersonMoved(from));
    }

    /// <summary>Their sessions end for good: a token that was taken before opens nothing once they are let in again.</summary>
    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person)
    {
        var ended = await WebSessionStore.RevokeAllAsync(unit, person, who.Name, clock.GetUtcNow());
        foreach (var id in ended) unit.Announce(Topics.WebSessions, id);
        unit.AfterCommit(() => readers.SessionsEnded(ended));
    }
}

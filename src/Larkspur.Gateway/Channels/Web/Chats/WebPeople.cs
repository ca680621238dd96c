using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Channels.Web.Serving;
using Larkspur.Gateway.Channels.Web.Sessions;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Channels.Web.Chats;

/// <summary>Chats and sessions follow their people.</summary>
internal sealed class WebPeople(ChatReaders readers, TimeProvider clock) : IPersonMerged
{
    public async ValueTask MergedAsync(IUnitOfWork unit, string from, string into)
    {
        await ChatStore.MoveAsync(unit, from, into);
        await WebSessionStore.MoveAsync(unit, from, into);
        await WebFile.MoveAsync(unit, from, into);
        unit.AfterCommit(() =>
        {
            readers.PersonMoved(from);
            readers.Changed(into);
        });
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

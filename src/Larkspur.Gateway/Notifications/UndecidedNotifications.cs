using Larkspur.Gateway.Api;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Notifications that wait for somebody's decision.</summary>
internal sealed class UndecidedNotifications(NotificationStore store) : IHandoverPart
{
    public async ValueTask<IReadOnlyList<HandoverItem>> OfAsync(ISql sql, KnownPerson person)
    {
        var ids = new OwnIds(person, PlatformNames.Feishu);
        if (ids.IsEmpty) return [];
        var found = await store.UndecidedOfAsync(sql, ids, IHandoverPart.Most);
        return [.. found.Select(n => new HandoverItem(HandoverKinds.Notification, n.Id, n.Subject ?? n.Event, n.State, n.CreatedAt)
        {
            Scope = ApiScopes.NotificationsRead, Owner = n.Owner, App = n.App,
        })];
    }
}

using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Messages;

/// <summary>Which events of groups go where.</summary>
internal static class GroupRoutes
{
    public static void AddGroupEvents(this IServiceCollection services)
    {
        services.AddSingleton<GroupMetrics>();
        services.AddSingleton<GroupEvents>();
        On(services, "im.chat.member.bot.deleted_v1", groups => groups.RemovedAsync);
        On(services, "im.chat.disbanded_v1", groups => groups.DisbandedAsync);
        foreach (var change in (string[])["im.chat.member.user.added_v1", "im.chat.member.user.deleted_v1", "im.chat.member.user.withdrawn_v1", "im.chat.updated_v1"])
            On(services, change, groups => groups.ChangedAsync);
    }

    /// <summary>At any age: a group that was lost hours ago is lost, and nobody waits for an answer.</summary>
    private static void On(IServiceCollection services, string type, Func<GroupEvents, InboundEventHandler> handler) => services.AddSingleton(provider =>
        new EventRoute(PlatformNames.Feishu, type, handler(provider.GetRequiredService<GroupEvents>())) { StaleAfter = null });
}

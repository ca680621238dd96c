namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary><c>/webhook/dingtalk</c> for the default app, <c>/webhook/dingtalk/{app}</c> for named ones.</summary>
internal static class DingTalkWebhookRoutes
{
    public static void MapDingTalkWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhook = routes.ServiceProvider.GetRequiredService<DingTalkWebhook>();
        routes.Map("/webhook/dingtalk", webhook.HandleAsync).ExcludeFromDescription();
        routes.Map("/webhook/dingtalk/{app}", webhook.HandleAsync).ExcludeFromDescription();
    }
}

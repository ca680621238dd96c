using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary><c>/webhook/wecom</c> for the default app, <c>/webhook/wecom/{app}</c> for named ones.</summary>
internal static class WeComEndpoints
{
    public static void MapWeComWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhook = routes.ServiceProvider.GetRequiredService<WeComWebhook>();
        routes.Map("/webhook/wecom", Handle).ExcludeFromDescription();
        routes.Map("/webhook/wecom/{app}", Handle).ExcludeFromDescription();

        Task Handle(HttpContext http)
        {
            // The webhook counts bytes itself: the server's own bound answers without our counter and error body.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound) bound.MaxRequestBodySize = null;
            return webhook.HandleAsync(http);
        }
    }
}

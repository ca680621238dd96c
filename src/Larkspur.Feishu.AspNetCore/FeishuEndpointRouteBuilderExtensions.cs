using System.Diagnostics.CodeAnalysis;
using Larkspur.Feishu;
using Larkspur.Feishu.AspNetCore;
using Larkspur.Feishu.Events;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the address that Feishu pushes events and card callbacks to.</summary>
public static class FeishuEndpointRouteBuilderExtensions
{
    /// <summary>Receives an app's events and card callbacks at an address; enter it in the developer console under Events &amp; Callbacks,
    /// for both.</summary>
    /// <remarks>
    /// <para>Only what is verified reaches a handler (<see cref="FeishuEventReceiver"/>): the raw bytes, at most 1 MiB of them, signed
    /// within the last five minutes. The platform's check of the address is answered. Everything else is refused with its reason: 400, 401,
    /// 403, 413 or 415.</para>
    /// <para>It is judged by three headers, which a proxy in front has to hand on as they are: <c>X-Lark-Request-Timestamp</c> (seconds of
    /// Unix time), <c>X-Lark-Request-Nonce</c> (a random text) and <c>X-Lark-Signature</c> (lower-case hex of SHA-256 over timestamp,
    /// nonce, Encrypt Key and raw body).</para>
    /// <para><b>An event is acknowledged when its handler has ended</b>, and not before. One that throws is logged and answered with 500,
    /// one that takes longer than the platform waits (3 s) goes on and is answered with 503: the platform sends the event again after 15 s,
    /// 5 min, 1 h and 6 h.</para>
    /// <para><b>The same event is handled once</b>, however often it is delivered: one that is being handled is waited for, one that was
    /// handled is acknowledged, one whose handler threw is handled again. The last 10,000 ids are remembered in memory, so a restart or a
    /// second process forgets: where twice would hurt, record <see cref="FeishuDelivery.EventId"/> together with what the handler does, or
    /// put the gateway in front.</para>
    /// <para><b>A card callback is never sent again</b>, so somebody always sees an answer within 3 s: a handler that throws makes a toast
    /// with a reference that the log has too, one that takes longer makes a toast that says it goes on. What it returns then is not shown:
    /// change the card with a call.</para>
    /// <para>A handler is cancelled when the application stops, not when the sender has left. At most 256 deliveries are handled at once;
    /// more are answered with 503.</para>
    /// <para>The endpoint takes anonymous requests, whatever the application's fallback policy: the signature says who sends.</para>
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, <c>/webhook/feishu</c> say.</param>
    /// <param name="events">The handlers. Register all of them first.</param>
    /// <param name="app">Which app, by the name it was given in <c>AddFeishu</c>; empty: the default one.</param>
    /// <exception cref="InvalidOperationException">There is no such app, or it has neither Encrypt Key nor Verification Token: then nobody
    /// could tell the platform's requests from forged ones.</exception>
    /// <exception cref="OptionsValidationException">The app's options are not usable.</exception>
    public static IEndpointConventionBuilder MapFeishu(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, FeishuEventDispatcher events, string app = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(app);
        IServiceProvider services = endpoints.ServiceProvider;
        string named = app.Length == 0 ? "the default Feishu app" : $"the Feishu app \"{app}\"";
        if (services.GetKeyedService<FeishuEventReceiver>(app) is not { } receiver)
        {
            throw new InvalidOperationException($"MapFeishu does not find {named}: call services.AddFeishu(…) before Build().");
        }

        FeishuOptions options = services.GetRequiredService<IOptionsMonitor<FeishuOptions>>().Get(app);
        if (string.IsNullOrEmpty(options.EncryptKey) && string.IsNullOrEmpty(options.VerificationToken))
        {
            throw new InvalidOperationException(
                $"MapFeishu cannot tell forged requests from real ones: {named} has neither EncryptKey nor VerificationToken. "
                + "Set both as the developer console shows them under Events & Callbacks, Encryption Strategy.");
        }

        var endpoint = new ReceiverEndpoint(
            receiver,
            events,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Larkspur.Feishu.AspNetCore"),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        return endpoints.MapPost(pattern, endpoint.HandleAsync)
            .WithMetadata(new AllowAnonymousAttribute(), new ExcludeFromDescriptionAttribute())
            .WithDisplayName($"Feishu events and callbacks {pattern}");
    }
}

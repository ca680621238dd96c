using Larkspur.Emulator.Feishu.LongConnection;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>The two subscriptions of an app, each with a way of its own.</summary>
public enum PushKind { Event, Callback }

public enum PushRoute
{
    /// <summary>The app subscribed to nothing: no address, and no client ever connected.</summary>
    None,
    Webhook,
    LongConnection,
}

/// <param name="Through">The address, or which connection.</param>
public sealed record Delivery(DeliveryResult Result, SignedRequest SignedRequest, PushRoute Route, string Through);

/// <summary>Chooses the way of each push: the app's callback address, or one of its connections.</summary>
/// <remarks>
/// The console of the platform fixes the way per app and kind. <see cref="SubscriptionMode.Automatic"/> chooses as a developer would: a connected client
/// is there to be talked to; else the address; else, once a client was connected, its return is awaited.
/// </remarks>
public sealed class PushRoutes(EventSender sender, SocketEventSender sockets, LongConnections connections, EmulatorSettings settings)
{
    public PushRoute Of(BotApp app, PushKind kind) => (kind == PushKind.Event ? app.EventMode : app.CallbackMode) switch
    {
        SubscriptionMode.LongConnection => PushRoute.LongConnection,
        SubscriptionMode.Webhook => Webhook(app),
        _ when connections.Online(app.AppId) > 0 => PushRoute.LongConnection,
        _ when app.CallbackUrl.Length == 0 && connections.EverConnected(app.AppId) => PushRoute.LongConnection,
        _ => Webhook(app),
    };

    /// <summary>Over <paramref name="route"/>, within the 3 s that both ways have, a callback within what the settings say.</summary>
    public async Task<Delivery> SendAsync(BotApp app, PushKind kind, PushRoute route, string plain, CancellationToken cancellationToken)
    {
        var deadline = kind == PushKind.Callback ? settings.CallbackPatience : EventSender.Deadline;
        if (route == PushRoute.LongConnection)
        {
            var sent = await sockets.SendAsync(app.AppId, plain, deadline, cancellationToken: cancellationToken);
            return new Delivery(sent.Result, sent.SignedRequest, route, sent.Connection);
        }

        var (result, signed) = await sender.SendAsync(app, app.CallbackUrl, plain, deadline, cancellationToken: cancellationToken);
        return new Delivery(result, signed, route, app.CallbackUrl);
    }

    private static PushRoute Webhook(BotApp app) => app.CallbackUrl.Length == 0 ? PushRoute.None : PushRoute.Webhook;
}

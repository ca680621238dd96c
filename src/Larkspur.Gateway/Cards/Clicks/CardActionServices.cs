using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Cards;

/// <summary>Looks at a click and decides; like an <see cref="InboundEventHandler"/> it may read from platforms and changes nothing but in its reaction.</summary>
public delegate ValueTask<Reaction> CardActionHandler(CardClick click, CancellationToken cancellation);

/// <summary>One registration.</summary>
/// <param name="Kind">The member <c>kind</c> of the component's value.</param>
/// <param name="Handler">What is done.</param>
public sealed record CardActionRoute(string Kind, CardActionHandler Handler);

/// <summary>Registers handlers of clicks.</summary>
public static class CardActionServices
{
    /// <summary>Clicks on components whose callback value is an object with <c>"kind": kind</c> go to this handler.</summary>
    /// <remarks>Two handlers of one kind end the gateway's start.</remarks>
    public static IServiceCollection OnCardAction(this IServiceCollection services, string kind, CardActionHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(handler);
        return services.AddSingleton(new CardActionRoute(kind, handler));
    }

    /// <inheritdoc cref="OnCardAction(IServiceCollection, string, CardActionHandler)"/>
    /// <typeparam name="T">A service whose method it is.</typeparam>
    public static IServiceCollection OnCardAction<T>(this IServiceCollection services, string kind, Func<T, CardActionHandler> handler)
        where T : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(handler);
        return services.AddSingleton(provider => new CardActionRoute(kind, handler(provider.GetRequiredService<T>())));
    }
}

using Larkspur.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>How an operation of the outbox is carried out on Feishu. The room that has the operation implements it and registers it with <c>AddFeishuOperation</c>.</summary>
internal interface IFeishuOperation
{
    /// <summary>The operation.</summary>
    OutboxOperation Operation { get; }

    /// <summary>What it calls: whose rate limit it needs a permit of, and for which calls of the month's quota it counts. Asked under locks: it answers from memory.</summary>
    FeishuEndpoint EndpointOf(OutboxEntry entry);

    /// <summary>Does it: one call, under the row's idempotency key where the platform takes one, with these options.</summary>
    /// <returns>The platform's id of the message, or of what was made; null: there is none.</returns>
    /// <exception cref="PlatformApiException">It is refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    /// <exception cref="ChannelException">The row is not readable, or it cannot be done (any more).</exception>
    Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation);

    /// <summary>By which operation words are said in the place of such a message that cannot be sent; null: nobody in a chat waits for it.</summary>
    OutboxOperation? InWords(OutboxMessage message) => null;

    /// <summary>The row's content is the card itself: refused, what the card says can be said as text.</summary>
    bool CarriesCard => false;
}

/// <summary>What can be done on Feishu.</summary>
internal sealed class FeishuOperations(IEnumerable<IFeishuOperation> operations)
{
    private readonly Dictionary<OutboxOperation, IFeishuOperation> _all = operations.ToDictionary(o => o.Operation);

    public IReadOnlyCollection<OutboxOperation> All => _all.Keys;

    /// <summary>How it is done; null: Feishu has nothing like it.</summary>
    public IFeishuOperation? Find(OutboxOperation operation) => _all.GetValueOrDefault(operation);
}

/// <summary>Registers what can be done on Feishu.</summary>
internal static class FeishuOperationServices
{
    /// <summary>An operation that Feishu alone has, and how it is done.</summary>
    public static IServiceCollection AddFeishuOperation<T>(this IServiceCollection services, OutboxOperation operation) where T : class, IFeishuOperation =>
        services.AddOutboxOperation(operation).AddFeishuOperation<T>();

    /// <summary>How an operation that is registered already is done on Feishu.</summary>
    public static IServiceCollection AddFeishuOperation<T>(this IServiceCollection services) where T : class, IFeishuOperation =>
        services.AddSingleton<IFeishuOperation, T>();
}

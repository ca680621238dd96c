using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.WeCom.Sending;

/// <summary>How an operation of the outbox is carried out on WeCom.</summary>
internal interface IWeComOperation
{
    /// <summary>The operation.</summary>
    OutboxOperation Operation { get; }

    /// <summary>Does it.</summary>
    /// <returns>The platform's id of what was sent; null: there is none.</returns>
    /// <exception cref="ChannelException">It is refused, may have been done, or the row is not readable.</exception>
    Task<string?> SendAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation);
}

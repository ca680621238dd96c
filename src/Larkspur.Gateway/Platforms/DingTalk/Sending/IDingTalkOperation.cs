using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk.Sending;

/// <summary>How an operation of the outbox is carried out on DingTalk.</summary>
internal interface IDingTalkOperation
{
    /// <summary>The operation.</summary>
    OutboxOperation Operation { get; }

    /// <summary>Does it. What it throws, the channel makes a failure of the row.</summary>
    /// <param name="app">By which app.</param>
    /// <param name="entry">The row.</param>
    /// <param name="beforeCall">Called before what counts against the month; throws when that is used up.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ChannelException">It cannot be done, or the row is not readable.</exception>
    /// <exception cref="PlatformApiException">It is refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    Task<SendReceipt> SendAsync(DingTalkApp app, OutboxEntry entry, Action beforeCall, CancellationToken cancellation);
}

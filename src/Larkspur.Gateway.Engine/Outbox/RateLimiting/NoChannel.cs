
namespace Larkspur.Gateway.Outbox;

/// <summary>Stands for a platform that this program does not know: what an older or a newer one has left for it becomes a dead letter.</summary>
internal sealed class NoChannel : IChannel
{
    public static readonly NoChannel Instance = new();

    public IReadOnlyCollection<OutboxOperation> Operations => [];

    public string Platform => "";

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));

    public Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation) =>
        throw new ChannelException("no_channel", $"This Larkspur knows no channel \"{entry.Platform}\".", transient: false);
}

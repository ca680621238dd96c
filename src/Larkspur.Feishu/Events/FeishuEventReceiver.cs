namespace Larkspur.Feishu.Events;

/// <summary>Turns raw webhook requests into verified deliveries. Knows no web framework: give it the headers and the received bytes.</summary>
public sealed class FeishuEventReceiver(FeishuOptions options, TimeProvider clock)
{
    /// <summary>Largest body looked at: 1 MiB.</summary>
    public const int MaxBodyBytes = 1 << 20;

    /// <summary>Verifies, decrypts and peeks one request. Never throws for what a sender can send.</summary>
    public FeishuReception Receive(in FeishuDeliveryHeaders headers, ReadOnlySpan<byte> rawBody)
    {
        _ = options;
        _ = clock;
        throw new NotImplementedException();
    }
}

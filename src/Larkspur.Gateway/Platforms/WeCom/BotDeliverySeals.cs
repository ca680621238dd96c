using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Seals all of a bot's delivery that is good for whoever reads it, whichever way it came: where its files lie with the keys that open them, and its response address.</summary>
internal sealed class BotDeliverySeals(BotFileSeals files, ResponseAddresses addresses)
{
    /// <summary>A delivery as it is stored. What cannot be sealed is not kept; all else stays as it came.</summary>
    public ReadOnlyMemory<byte> Sealed(AiBotDelivery delivery) => addresses.Sealed(files.Sealed(delivery));
}

using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A line across.</summary>
public sealed record Divider : CardElement
{
    private protected override ReadOnlySpan<byte> Tag => "hr"u8;

    private protected override void WriteProperties(CardWriter w)
    {
    }
}

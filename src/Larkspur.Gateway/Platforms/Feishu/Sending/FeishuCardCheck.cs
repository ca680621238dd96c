using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <inheritdoc/>
internal sealed class FeishuCardCheck : IAnswerCardCheck
{
    public bool IsAccepted(string card) => CardValidator.Validate(card).IsValid;
}

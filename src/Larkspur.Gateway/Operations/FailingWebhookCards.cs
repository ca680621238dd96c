using System.Globalization;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Webhooks.Failing;

namespace Larkspur.Gateway.Operations;

/// <summary>Tells the administrator of <c>Larkspur:Admin</c> by a card that a webhook was switched off.</summary>
internal sealed class FailingWebhookCards(AdminOptions admin, IEnumerable<ICardCompiler> compilers, Installation installation)
    : IFailingWebhookMessages
{
    private readonly ICardCompiler? _compiler = compilers.FirstOrDefault(compiler => compiler.Platform == PlatformNames.Feishu);

    public QueuedMessage? SwitchedOff(FailingWebhook failing, string owner, long waiting)
    {
        if (admin.FeishuReceiver is not { } receiver || _compiler is null) return null;
        var key = $"webhook-off:{failing.Name}:{failing.OffAt?.ToUnixTimeMilliseconds()}";
        var card = _compiler.Compile(CardOf(failing, owner, waiting), new CardFace("larkspur.webhook_off", key));
        return new QueuedMessage(PlatformNames.Feishu, admin.FeishuApp!, key, new OutboxMessage
        {
            Operation = MessageOperations.Create, Lane = receiver, TargetType = admin.ReceiverType, Target = receiver,
            MessageType = "interactive", Content = card.Content,
        });
    }

    private CardMessage CardOf(FailingWebhook failing, string owner, long waiting)
    {
        var since = TimeZoneInfo.ConvertTime(failing.Since, installation.TimeZone).ToString("yyyy-MM-dd HH:mm 'UTC'zzz",
            CultureInfo.InvariantCulture);
        return new CardMessage
        {
            Title = OperationsTexts.WebhookIsSwitchedOff(failing.Name),
            Status = CardStatus.Danger,
            Text = OperationsTexts.AllAttemptsSinceFailedIts(failing.Attempts, since),
            Facts =
            [
                new(OperationsTexts.LastFailure, new(failing.Reason, failing.Reason)),
                new(OperationsTexts.Waiting, new($"{waiting}", $"{waiting}")),
                .. owner.Length > 0 ? [new CardFact(OperationsTexts.System, new(owner, owner))] : Array.Empty<CardFact>(),
            ],
        };
    }
}

using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>What comes over a bot's long connection goes the way of every delivery. The platform sends nothing twice: what the database does not take is tried again here.</summary>
internal sealed partial class BotIntake(EventIntake intake, BotDeliverySeals seals, TimeProvider clock, ILogger<BotIntake> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task TakeAsync(WeComApp app, AiBotDelivery delivery, CancellationToken cancellation)
    {
        if (delivery.Content is BotReplaced or BotStreamPolled) return;
        var since = clock.GetTimestamp();
        while (true)
        {
            var taken = await intake.TakeAsync(now => WeComInboundEvents.From(delivery, app.Name, now, seals), app.Name, "bot connection", clock.GetTimestamp());
            if (taken.Event is not null)
            {
                if (taken.Answer is { } given) await AnswerAsync(app, delivery, given, cancellation);
                return;
            }

            if (clock.GetElapsedTime(since) > Patience)
            {
                MessageLost(delivery.Id, app.Name);
                return;
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private async Task AnswerAsync(WeComApp app, AiBotDelivery delivery, GivenAnswer given, CancellationToken cancellation)
    {
        try
        {
            if (given.Answer is { Card: { } card } && delivery.Content is BotCardClicked) 
            {
                await app.Bot!.Connection.UpdateCardAsync(delivery, WeComButtons.FromJson(card).ToCard(), cancellationToken: cancellation);
                await given.ConfirmAsync();
            }
            else if (given.Answer is { Toast: { } words } && delivery.Content is BotChatEntered) 
            {
                await app.Bot!.Connection.WelcomeAsync(delivery, AiBotAnswer.Text(words.Chinese), cancellation);
                await given.ConfirmAsync();
            }
            else
            {
                // There is no form for it here: words that were to come late come now.
                await given.SettleAsync(given.Answer?.Late is null);
            }
        }
        catch (Exception e) when (WeComErrors.IsKnown(e))
        {
            AnswerNotTaken(delivery.Id, e.Message);
            await given.SettleAsync(false);
        }
    }

    [LoggerMessage(LogLevel.Error,
        "Bot message {MessageId} of app {App} is lost: the database was away for too long, and the platform does not send it again")]
    private partial void MessageLost(string messageId, string app);
    [LoggerMessage(LogLevel.Information, "The answer to event {EventId} was not taken ({Reason}); it follows by itself where it can")]
    private partial void AnswerNotTaken(string eventId, string reason);
}

using System.Text.Json;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>A type's card before anybody gets it, and a trial of it with one person: over REST and in the console alike.</summary>
internal sealed class TemplatePreview(NotificationVariables variables, NotificationIntake sending, IntegrationGuard gate, ConfiguredFeishuApps feishu, TimeProvider clock)
{
    /// <summary>The card with given or sample values.</summary>
    /// <exception cref="RequestRefusedException">The values do not fit, or make no card.</exception>
    public PreviewedTemplate Look(NotificationType type, JsonElement? given)
    {
        var values = variables.Check(type, TemplateValidator.Samples(type, all: given is null, given), "/variables");
        var model = NotificationTemplateFiller.Fill(type, values, []);
        var card = sending.Compile(new NotificationRow
        {
            Id = "preview", App = feishu.Apps.Keys.FirstOrDefault() ?? "", Event = type.Name, CallerKey = "", BodyHash = "", RequestedBy = "", State = NotificationStates.Open, Urgency = type.Urgency,
            Model = model, Decides = type.Decision, CreatedAt = clock.GetUtcNow(),
        });
        var message = NotificationCards.MessageOf(model);
        var report = CardValidator.Validate(card.Content, new CardValidationOptions { WillBeUpdated = true });
        return new PreviewedTemplate(type.Decision ? NotificationCards.Asking(message) : message, card,
            [.. report.Findings.Select(f => new CardFindingView(f.Pointer, f.Rule, f.Severity.ToString().ToLowerInvariant(), f.Message, f.Fix))]);
    }

    /// <summary>Sends the card to one person, marked as a test. Whatever its switch and quiet hours say; nobody is called back.</summary>
    /// <param name="type">The type, saved or not.</param>
    /// <param name="app">Who sends.</param>
    /// <param name="recipient">One person.</param>
    /// <param name="given">Values in place of the samples.</param>
    /// <param name="key">Names the trial: repeated under it, nobody gets another card.</param>
    /// <param name="hash">What a repeat must say again.</param>
    /// <param name="caller">Who tries.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">It is no person, nobody knows them, the values do not fit, or the integration is off.</exception>
    public async Task<NotificationRow> SendAsync(NotificationType type, FeishuApp app, Recipient recipient, JsonElement? given, string key, string hash, KeyGrant caller, CancellationToken cancellation)
    {
        gate.Demand();
        if (recipient.Address is null) throw RequestRefusedException.Impossible("not_a_person", recipient.Pointer, "A trial goes to one person.");
        var own = "test:" + type.Name + ":" + key;
        var unowned = IdempotencyKey.Unowned(key) is { } word ? "test:" + type.Name + ":" + word : null;
        return await sending.RepeatedAsync(app.Name, own, unowned, caller.Who.Name, hash, cancellation) ?? await sending.SendAsync(new NotificationDraft
        {
            App = app, Type = type, Values = variables.Check(type, TemplateValidator.Samples(type, all: given is null, given), "/variables"), Recipients = [recipient],
            Key = own, BodyHash = hash, Caller = caller, Test = true,
        }, cancellation);
    }
}

/// <summary>A card before it is sent.</summary>
/// <param name="Message">What it says, with the buttons of a decision.</param>
/// <param name="Card">The platform's card.</param>
/// <param name="Findings">What its validation found.</param>
internal sealed record PreviewedTemplate(CardMessage Message, CompiledCard Card, IReadOnlyList<CardFindingView> Findings);

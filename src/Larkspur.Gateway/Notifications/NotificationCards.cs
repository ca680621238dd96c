using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Notifications;

/// <summary>The faces of a notification's card: as it comes, while the reason for a rejection is asked for, and when it is over.</summary>
internal sealed class NotificationCards(IEnumerable<ICardCompiler> compilers, Installation settings)
{
    /// <summary>Marks our buttons' values among those of other cards.</summary>
    public const string Kind = "larkspur.notification";

    public const string Approve = "approve";
    public const string Reject = "reject";
    public const string RejectSubmit = "reject_submit";
    public const string Back = "back";
    public const string Reason = "reason";

    private const int LongestReason = 500;

    private static readonly CardMessageAction ApproveButton = new()
        { Id = Approve, Label = NotificationTexts.Approve, Style = CardActionStyle.Primary };
    private static readonly CardMessageAction RejectButton = new()
        { Id = Reject, Label = NotificationTexts.Reject, Style = CardActionStyle.Danger };
    private static readonly CardMessageAction BackButton = new() { Id = Back, Label = NotificationTexts.Back };
    private static readonly CardMessageAction SubmitButton = new()
        { Id = RejectSubmit, Label = NotificationTexts.RejectIt, Style = CardActionStyle.Danger };
    private static readonly CardInput ReasonInput = new()
    {
        Id = Reason, Label = NotificationTexts.ReasonForRejection, Required = true, Multiline = true, MaxLength = LongestReason,
        Placeholder = NotificationTexts.TellApplicantWhy,
    };

    /// <summary>What a notification says.</summary>
    /// <exception cref="RequestRefusedException">It is no CardMessage.</exception>
    public static CardMessage MessageOf(string model, string pointer = "")
    {
        using var json = JsonDocument.Parse(model, RequestJson.Stored);
        return CardMessageReader.Read(json.RootElement, pointer);
    }

    /// <summary>What it is about, as plain text: its emphasised head where it has one, else its title. Values in markdown are written as entities.</summary>
    public static LocalText HeadOf(CardMessage message) => message.Markdown?.Select(text => System.Net.WebUtility.HtmlDecode(text).Trim('*')) ?? message.Title;

    /// <summary>What it says, under the heading that its cards have now.</summary>
    public static CardMessage NowOf(NotificationRow notification)
    {
        var model = MessageOf(notification.Model);
        return MarkTest(notification, OutcomeOf(notification) is { } outcome ? Headed(model, outcome) : model);
    }

    /// <summary>The card as it should be seen now.</summary>
    /// <exception cref="ArgumentException">The platform has no card of it.</exception>
    public CompiledCard Compile(NotificationRow notification)
    {
        var message = NowOf(notification);
        return notification switch
        {
            { Resolved: { } resolved, State: NotificationStates.Resolved } => Compile(message, Over(notification, resolved.Status, MarkOf(resolved))),
            { Decision: { } decision } => Compile(message, Over(notification, decision == NotificationDecisions.Approved ? CardStatus.Success : CardStatus.Danger,
                DecisionOf(notification), CommentOf(notification))),
            { Decides: true } => Compile(Asking(message), new CardFace(Kind, notification.Id)),
            _ => Compile(message, new CardFace(Kind, notification.Id)),
        };
    }

    /// <summary>The card while it asks why.</summary>
    public string CompileReason(NotificationRow notification) => Compile(AskingWhy(MarkTest(notification, MessageOf(notification.Model))), new CardFace(Kind, notification.Id)).Content;

    /// <summary>Every face that a card of this message can have, for judging it.</summary>
    public IEnumerable<string> All(CardMessage message, bool decides)
    {
        var face = new CardFace(Kind, "sample");
        yield return Compile(message, face).Content;
        if (!decides) yield break;
        yield return Compile(Asking(message), face).Content;
        yield return Compile(AskingWhy(message), face).Content;
    }

    /// <summary>How it stands in one line of plain text; null: it is open.</summary>
    /// <param name="notification">Which.</param>
    /// <param name="zone">The reader's; null: the company's.</param>
    public LocalText? LineOf(NotificationRow notification, TimeZoneInfo? zone = null) => notification switch
    {
        { State: NotificationStates.Resolved, Resolved: { } resolved } => LineOf(notification, MarkOf(resolved), zone),
        { Decision: not null } => LineOf(notification, DecisionOf(notification), zone),
        { State: NotificationStates.Recalled } => NotificationTexts.TakenBack,
        _ => null,
    };

    /// <summary>The message with the buttons of a decision.</summary>
    public static CardMessage Asking(CardMessage message) => message with { Actions = [ApproveButton, RejectButton, .. message.Actions] };

    /// <summary>What has become of it in a word; null: it is open.</summary>
    private static LocalText? OutcomeOf(NotificationRow notification) => notification switch
    {
        { Resolved: { } resolved, State: NotificationStates.Resolved } => resolved.Text,
        { Decision: NotificationDecisions.Approved } => NotificationTexts.Approved,
        { Decision: not null } => NotificationTexts.Rejected,
        _ => null,
    };

    /// <summary>The outcome first, in the head and in the preview: who scrolls past sees that nothing waits for them any more.</summary>
    private static CardMessage Headed(CardMessage message, LocalText outcome)
    {
        var head = HeadOf(message);
        var title = NotificationTexts.Text(outcome, head);
        return message with { Title = title, Summary = title };
    }

    private static CardMessage AskingWhy(CardMessage message) => message with { Inputs = [ReasonInput], Submit = SubmitButton, Actions = [BackButton, .. message.Actions] };

    private static CardMessage MarkTest(NotificationRow notification, CardMessage message) => notification.Test
        ? message with { Title = NotificationTexts.Test + message.Title } : message;

    private static CardFace Over(NotificationRow notification, CardStatus status, CardMark first, CardMark? second = null) =>
        new(Kind, notification.Id)
        {
            IsResolved = true, Status = status, SentAt = notification.CreatedAt, Marks = second is null ? [first] : [first, second],
        };

    private static CardMark DecisionOf(NotificationRow notification)
    {
        var name = notification.DecidedBy is { Name: { } known } by ? new LocalText(known, by.EnName ?? known) : BotTexts.Somebody;
        return CardMark.Saying(time => notification.Decision == NotificationDecisions.Approved
            ? NotificationTexts.ApprovedBy(name, time) : NotificationTexts.RejectedBy(name, time), notification.DecidedAt!.Value);
    }

    private static CardMark MarkOf(NotificationResolution resolved)
    {
        return resolved.At is { } at ? CardMark.Saying(Said, at) : CardMark.Saying(Said(null));

        LocalText Said(string? time)
        {
            string[] details = [.. new[] { resolved.By, time }.OfType<string>()];
            return details.Length == 0 ? resolved.Text
                : NotificationTexts.ResolvedBy(resolved.Text, NotificationTexts.Between.Select(comma => string.Join(comma, details)));
        }
    }

    private static CardMark? CommentOf(NotificationRow notification) => notification.Comment is { Length: > 0 } comment
        ? CardMark.Saying(NotificationTexts.Reason(comment)) : null;

    private LocalText LineOf(NotificationRow notification, CardMark mark, TimeZoneInfo? zone) =>
        mark.Sentence("", notification.CreatedAt, zone ?? settings.TimeZone);

    private CompiledCard Compile(CardMessage message, CardFace face) =>
        compilers.First(c => c.Platform == PlatformNames.Feishu).Compile(message, face);
}

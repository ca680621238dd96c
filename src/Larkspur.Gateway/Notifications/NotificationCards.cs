using System.Globalization;
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

    /// <summary>The card as it should be seen now.</summary>
    /// <exception cref="ArgumentException">The platform has no card of it.</exception>
    public CompiledCard Compile(NotificationRow notification)
    {
        var model = MessageOf(notification.Model);
        var message = MarkTest(notification, OutcomeOf(notification) is { } outcome ? Headed(model, outcome) : model);
        return notification switch
        {
            { Resolved: { } resolved, State: NotificationStates.Resolved } => Compile(message, Over(notification, resolved.Status, SentenceOf(notification, resolved))),
            { Decision: { } decision } => Compile(message, Over(notification, decision == NotificationDecisions.Approved ? CardStatus.Success : CardStatus.Danger, SentenceOf(notification), CommentOf(notification))),
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

    /// <summary>Who decided when, as the cards say it.</summary>
    public LocalText SentenceOf(NotificationRow notification)
    {
        var clock = ClockOf(notification, notification.DecidedAt!.Value);
        var name = notification.DecidedBy is { Name: { } known } by ? new LocalText(known, by.EnName ?? known) : BotTexts.Somebody;
        return notification.Decision == NotificationDecisions.Approved
            ? NotificationTexts.ApprovedBy(name, clock) : NotificationTexts.RejectedBy(name, clock);
    }

    /// <summary>How it stands in one line; null: it is open.</summary>
    public LocalText? LineOf(NotificationRow notification) => notification switch
    {
        { State: NotificationStates.Resolved, Resolved: { } resolved } => SentenceOf(notification, resolved),
        { Decision: not null } => SentenceOf(notification),
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

    private static CardFace Over(NotificationRow notification, CardStatus status, params ReadOnlySpan<LocalText?> lines)
    {
        var marks = new List<CardMark>();
        foreach (var line in lines)
        {
            if (line is not null) marks.Add(CardMark.Saying(line));
        }

        return new CardFace(Kind, notification.Id) { IsResolved = true, Status = status, Marks = marks };
    }

    private LocalText SentenceOf(NotificationRow notification, NotificationResolution resolved)
    {
        string[] details = [.. new[] { resolved.By, resolved.At is { } at ? ClockOf(notification, at) : null }.OfType<string>()];
        return details.Length == 0 ? resolved.Text
            : NotificationTexts.ResolvedBy(resolved.Text, NotificationTexts.Between.Select(comma => string.Join(comma, details)));
    }

    private static LocalText? CommentOf(NotificationRow notification) => notification.Comment is { Length: > 0 } comment
        ? NotificationTexts.Reason(comment) : null;

    private CompiledCard Compile(CardMessage message, CardFace face) => compilers.First(c => c.Platform == PlatformNames.Feishu).Compile(message, face);

    /// <summary>With the day when it is another than that of the sending. One clock for all who read it: the gateway's.</summary>
    private string ClockOf(NotificationRow notification, DateTimeOffset at)
    {
        var (sent, then) = (TimeZoneInfo.ConvertTime(notification.CreatedAt, settings.TimeZone), TimeZoneInfo.ConvertTime(at, settings.TimeZone));
        return then.ToString(sent.Date == then.Date ? "HH:mm" : sent.Year == then.Year ? "MM-dd HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }
}
